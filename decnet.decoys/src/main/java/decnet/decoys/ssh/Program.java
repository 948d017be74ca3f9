package decnet.decoys.ssh;

/** What runs at the other end of a session channel. Used in the turn of the connection's dialogue only; it computes, never waits. */
interface Program {
    /** The client knows that it runs. */
    void start();

    /** Takes all of {@code data}; called only while the channel has room for answers. */
    void input(byte[] data);

    /** The client has nothing more to send. */
    void inputEnded();

    /** The terminal has another size. */
    default void resized(int columns, int rows) {}

    /** A signal by name, without {@code SIG}. */
    default void signal(String name) {}

    /** The channel is gone. Called once, whatever came before. */
    default void closed() {}
}
