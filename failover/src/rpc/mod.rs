//! `ZKFCProtocol`: what other controllers and `hdfs haadmin` ask of this one.
