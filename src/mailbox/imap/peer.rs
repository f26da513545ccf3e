//! scripted peer
