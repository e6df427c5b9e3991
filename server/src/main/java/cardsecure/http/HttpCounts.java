package cardsecure.http;

/// What a listener has counted since its start.
///
/// @param open connections at the moment
/// @param accepted connections in all
/// @param overLimit connections that found all places taken and were made to wait, or were closed
public record HttpCounts(int open, long accepted, long overLimit) {}
