package decnet.decoys.shell;

/** What a command in front can wait for. Text is Latin-1 of bytes. */
sealed interface Signal {
    /** Somebody typed: a line with its end, or single keys if the command asked for them. */
    record Typed(String text) implements Signal {}

    /** Nothing more will be typed. */
    record InputEnded() implements Signal {}

    /** The other machine said something. */
    record Data(String text) implements Signal {}

    /** The other machine has closed. */
    record LineEnded() implements Signal {}

    /** The time is over. */
    record Timeout() implements Signal {}
}
