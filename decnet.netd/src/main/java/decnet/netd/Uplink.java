package decnet.netd;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * An interface of this host that machines are put on.
 *
 * @param bridge whether it is one, so that they get a port of it; else they get hardware addresses of their own on it (macvlan)
 * @param host address of this host there, IPv4
 */
record Uplink(String name, boolean bridge, Optional<InetAddress> host) {
    private static final Path LINKS = Path.of("/sys/class/net");

    /** @throws IOException if nobody can be put on it, with the reason */
    static Uplink find(String name, NetdConfig config) throws IOException {
        if (!config.interfaces().isEmpty() && !config.interfaces().contains(name)) {
            throw new IOException(
                    "interface " + name + " is not one of netd.interfaces, " + String.join(", ", config.interfaces()));
        }
        if (!name.matches("[A-Za-z0-9_.@-]{1,15}") || !Files.exists(LINKS.resolve(name))) {
            throw new IOException("there is no interface " + name + " on this host");
        }
        if ((Integer.decode(Files.readString(LINKS.resolve(name).resolve("flags"))
                                .strip())
                        & 1)
                == 0) {
            throw new IOException("interface " + name + " is down");
        }
        NetworkInterface found = NetworkInterface.getByName(name);
        Optional<InetAddress> host = found == null
                ? Optional.empty()
                : found.getInterfaceAddresses().stream()
                        .map(InterfaceAddress::getAddress)
                        .filter(Inet4Address.class::isInstance)
                        .findFirst();
        return new Uplink(name, Files.isDirectory(LINKS.resolve(name).resolve("bridge")), host);
    }

    static String mac(String link) throws IOException {
        return Files.readString(LINKS.resolve(link).resolve("address")).strip();
    }
}
