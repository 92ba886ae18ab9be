//! What a controller asks and tells a NameNode (`HAServiceProtocol`).
