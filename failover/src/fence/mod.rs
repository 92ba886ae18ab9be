//! Making sure that an old active NameNode is gone.
