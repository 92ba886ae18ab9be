/// What a broken disk, or a program that does not ask it to, leaves out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lie {
    /// A sync of a file succeeds, and nothing is durable.
    FilesAreSynced,
    /// A sync of a directory succeeds, and its names are not durable.
    DirectoriesAreSynced,
}
