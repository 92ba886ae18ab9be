//! Compiles `hadoop/*.proto` and `inspect/` with protox (no protoc binary), and derives from
//! Hadoop's descriptors the table of required fields that prost does not enforce.

use std::{collections::BTreeMap, env, error::Error, fmt::Write as _, fs, path::Path};

use heck::{ToSnakeCase, ToUpperCamelCase};
use prost_build::Config;
use protox::prost_reflect::{Cardinality, DescriptorPool, Kind, MessageDescriptor};

const FILES: &[&str] = &[
    "hadoop/RpcHeader.proto",
    "hadoop/IpcConnectionContext.proto",
    "hadoop/ProtobufRpcEngine2.proto",
    "hadoop/ProtocolInfo.proto",
    "hadoop/HdfsServer.proto",
    "hadoop/QJournalProtocol.proto",
    "hadoop/InterQJournalProtocol.proto",
    "hadoop/HAServiceProtocol.proto",
    "hadoop/ZKFCProtocol.proto",
    "hadoop/HAZKInfo.proto",
];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed=hadoop");
    let descriptors = protox::compile(FILES, ["hadoop"])?;
    // Every bytes field shares the packet's buffer: journal() records are never copied.
    Config::new().bytes(["."]).compile_fds(descriptors.clone())?;

    let pool = DescriptorPool::from_file_descriptor_set(descriptors)?;
    let table = Path::new(&env::var("OUT_DIR")?).join("required.rs");
    fs::write(table, required_fields(&pool)?)?;
    compile_inspection()
}

/// Our own service: messages, and a client and a server for tonic.
fn compile_inspection() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed=inspect");
    let descriptors = protox::compile(["inspect/v1/inspect.proto"], ["."])?;
    // What is sent of an operation shares the buffer that it was read into.
    tonic_prost_build::configure().bytes(".").compile_fds(descriptors)?;
    Ok(())
}

/// One `impl Required` for each message, with a table of its required and nested fields.
fn required_fields(pool: &DescriptorPool) -> Result<String, std::fmt::Error> {
    let mut out = String::new();
    for message in pool.all_messages() {
        let path = rust_path(&message);
        let mut required = String::new();
        let mut nested = BTreeMap::new();
        for field in message.fields() {
            if field.cardinality() == Cardinality::Required {
                write!(required, "({}, {:?}), ", field.number(), field.name())?;
            }
            if let Kind::Message(inner) = field.kind() {
                nested.insert(field.number(), rust_path(&inner));
            }
        }
        let nested = nested.iter().fold(String::new(), |mut list, (number, inner)| {
            let _ = write!(list, "({number}, <{inner} as Required>::SCHEMA), ");
            list
        });
        writeln!(
            out,
            "impl Required for {path} {{ const SCHEMA: &'static Schema = &Schema {{ \
             name: {:?}, required: &[{required}], nested: &[{nested}] }}; }}",
            message.full_name(),
        )?;
    }
    Ok(out)
}

/// Where prost puts a message: `hadoop.common.RpcSaslProto.SaslAuth` becomes
/// `crate::common::rpc_sasl_proto::SaslAuth`.
fn rust_path(message: &MessageDescriptor) -> String {
    let module = match message.package_name() {
        "hadoop.common" => "crate::common",
        "hadoop.hdfs" => "crate::hdfs",
        _ => "crate::qjournal",
    };
    let own_name = message.name().to_upper_camel_case();
    match message.parent_message() {
        Some(parent) => format!("{module}::{}::{own_name}", parent.name().to_snake_case()),
        None => format!("{module}::{own_name}"),
    }
}
