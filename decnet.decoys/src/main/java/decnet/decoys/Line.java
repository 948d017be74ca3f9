package decnet.decoys;

/** One end of a connection between two machines of the fleet. Thread-safe; after the end its methods do nothing. */
public interface Line {
    void send(Payload bytes);

    /** Nothing more will be sent; what comes back is still taken. */
    void end();

    void close();

    /** The end that called. Calls never overlap. */
    interface Visitor {
        void received(Payload bytes);

        /** The other end has closed. Told once, unless {@link Line#close} came first. */
        void ended();
    }
}
