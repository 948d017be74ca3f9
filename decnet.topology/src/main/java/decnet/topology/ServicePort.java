package decnet.topology;

/**
 * Where a service listens.
 *
 * @param number 1 to 65535
 * @param tls whether TLS is spoken from the first byte on; over TCP only
 */
public record ServicePort(int number, Transport transport, boolean tls) {
    /** @throws IllegalArgumentException if there is no such port */
    public ServicePort {
        if (number < 1 || number > 65_535) {
            throw new IllegalArgumentException("not a port: " + number + "; expected 1 to 65535");
        }
        if (tls && transport != Transport.TCP) {
            throw new IllegalArgumentException("port " + number + ": TLS needs TCP");
        }
    }

    public static ServicePort tcp(int number) {
        return new ServicePort(number, Transport.TCP, false);
    }

    public static ServicePort tls(int number) {
        return new ServicePort(number, Transport.TCP, true);
    }

    public static ServicePort udp(int number) {
        return new ServicePort(number, Transport.UDP, false);
    }

    /** The same at another number. */
    public ServicePort at(int other) {
        return new ServicePort(other, transport, tls);
    }

    /** As people write it: {@code 443/tcp}. */
    @Override
    public String toString() {
        return number + "/" + transport.text();
    }
}
