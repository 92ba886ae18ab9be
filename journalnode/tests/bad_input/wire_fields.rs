//! Protobuf messages as a list of fields, to be changed one by one.

use prost::encoding::{decode_varint, encode_varint};

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Field {
    Number(u32, u64),
    Bytes(u32, Vec<u8>),
}

impl Field {
    pub fn number(&self) -> u32 {
        match self {
            Self::Number(number, _) | Self::Bytes(number, _) => *number,
        }
    }

    /// The same field number with a value of the other wire type.
    pub fn of_other_type(&self) -> Self {
        match self {
            Self::Number(number, _) => Self::Bytes(*number, b"x".to_vec()),
            Self::Bytes(number, _) => Self::Number(*number, 1),
        }
    }
}

/// The fields of a message of varints and byte strings.
pub fn fields(mut message: &[u8]) -> Vec<Field> {
    let mut fields = Vec::new();
    while !message.is_empty() {
        let key = decode_varint(&mut message).unwrap();
        let (number, value) = ((key >> 3) as u32, decode_varint(&mut message).unwrap());
        match key & 7 {
            0 => fields.push(Field::Number(number, value)),
            2 => {
                let (bytes, rest) = message.split_at(value as usize);
                fields.push(Field::Bytes(number, bytes.to_vec()));
                message = rest;
            }
            other => panic!("wire type {other}"),
        }
    }
    fields
}

pub fn encode(fields: &[Field]) -> Vec<u8> {
    let mut out = Vec::new();
    for field in fields {
        match field {
            Field::Number(number, value) => {
                encode_varint(u64::from(*number) << 3, &mut out);
                encode_varint(*value, &mut out);
            }
            Field::Bytes(number, bytes) => {
                encode_varint(u64::from(*number) << 3 | 2, &mut out);
                encode_varint(bytes.len() as u64, &mut out);
                out.extend(bytes);
            }
        }
    }
    out
}

/// The fields of the message that is nested at `path`.
pub fn fields_at(message: &[u8], path: &[u32]) -> Vec<Field> {
    let own = fields(message);
    let Some((first, rest)) = path.split_first() else { return own };
    let nested = own.iter().find_map(|field| match field {
        Field::Bytes(number, bytes) if number == first => Some(bytes),
        _ => None,
    });
    fields_at(nested.unwrap(), rest)
}

/// The message with other fields at `path`.
pub fn with_fields_at(message: &[u8], path: &[u32], replacement: &[Field]) -> Vec<u8> {
    let Some((first, rest)) = path.split_first() else { return encode(replacement) };
    let mut own = fields(message);
    for field in &mut own {
        if let Field::Bytes(number, bytes) = field
            && number == first
        {
            *bytes = with_fields_at(bytes, rest, replacement);
        }
    }
    encode(&own)
}
