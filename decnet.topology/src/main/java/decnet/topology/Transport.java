package decnet.topology;

/** How bytes reach a service. */
public enum Transport {
    TCP,
    UDP;

    /** {@code tcp} or {@code udp}. */
    public String text() {
        return this == TCP ? "tcp" : "udp";
    }
}
