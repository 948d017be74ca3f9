package decnet.topology;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The networks that this host is on or knows a way to. Immutable.
 *
 * @param networks by interface, those of routes included, the default route not
 * @param addresses its own
 * @param gateways where its default routes go
 */
public record HostNetworks(List<Network> networks, List<InetAddress> addresses, List<Gateway> gateways) {
    /** None at all. */
    public static final HostNetworks NONE = new HostNetworks(List.of(), List.of(), List.of());

    private static final Path ROUTES = Path.of("/proc/net/route");
    private static final int MAX_ROUTES = 10_000;

    public HostNetworks {
        networks = networks.stream().distinct().toList();
        addresses = List.copyOf(addresses);
        gateways = List.copyOf(gateways);
    }

    /** A subnet at an interface. */
    public record Network(String device, Subnet subnet) {}

    /** A router that a default route goes by. */
    public record Gateway(String device, InetAddress address) {}

    /** Networks of which only the subnet is known. */
    public static HostNetworks of(List<Subnet> subnets) {
        return new HostNetworks(
                subnets.stream().map(subnet -> new Network("", subnet)).toList(), List.of(), List.of());
    }

    /** As they are now. What cannot be looked at is left out. */
    public static HostNetworks read() {
        List<Network> networks = new ArrayList<>();
        List<InetAddress> addresses = new ArrayList<>();
        try {
            NetworkInterface.networkInterfaces().forEach(device -> {
                for (InterfaceAddress one : device.getInterfaceAddresses()) {
                    if (!one.getAddress().isLinkLocalAddress()) {
                        addresses.add(one.getAddress());
                        networks.add(new Network(device.getName(), around(one)));
                    }
                }
            });
        } catch (SocketException e) {
            // a sandbox without interfaces: the routes are still to be looked at
            addresses.clear();
        }
        List<Gateway> gateways = new ArrayList<>();
        try {
            if (Files.isReadable(ROUTES)) {
                routes(Files.readString(ROUTES, StandardCharsets.US_ASCII), networks, gateways);
            }
        } catch (IOException e) {
            // not Linux as we know it: the interfaces are what there is
            gateways.clear();
        }
        return new HostNetworks(networks, addresses, gateways);
    }

    /**
     * Adds what the kernel's table says: a heading, then lines of interface, destination, gateway, flags, three counts and mask, in
     * hexadecimal digits and the byte order of a small-endian machine.
     */
    static void routes(String table, List<Network> networks, List<Gateway> gateways) {
        table.lines().skip(1).limit(MAX_ROUTES).forEach(line -> {
            String[] columns = line.strip().split("\\s+");
            if (columns.length < 8) {
                return;
            }
            try {
                int destination = number(columns[1]);
                int mask = number(columns[7]);
                if (mask == 0) {
                    gateways.add(new Gateway(columns[0], address(number(columns[2]))));
                } else {
                    networks.add(
                            new Network(columns[0], new Subnet(address(destination & mask), Integer.bitCount(mask))));
                }
            } catch (IllegalArgumentException e) {
                // a line of another form says nothing about a network
            }
        });
    }

    /** The network of IPv4 at an interface: the one with an address of this host. */
    public Optional<Subnet> at(String device) {
        return networks.stream()
                .filter(one -> one.device().equals(device) && !one.subnet().ip6())
                .map(Network::subnet)
                .filter(subnet -> addresses.stream().anyMatch(subnet::contains))
                .findFirst();
    }

    /** Where the default route at an interface goes. */
    public Optional<InetAddress> gateway(String device) {
        return gateways.stream()
                .filter(one -> one.device().equals(device))
                .map(Gateway::address)
                .findFirst();
    }

    public boolean has(String device) {
        return networks.stream().anyMatch(one -> one.device().equals(device));
    }

    private static Subnet around(InterfaceAddress address) {
        byte[] bytes = address.getAddress().getAddress();
        int length = Math.min(address.getNetworkPrefixLength(), bytes.length * 8);
        for (int bit = length; bit < bytes.length * 8; bit++) {
            bytes[bit / 8] &= (byte) ~(0x80 >> bit % 8);
        }
        return new Subnet(of(bytes), length);
    }

    private static int number(String hex) {
        return Integer.reverseBytes(Integer.parseUnsignedInt(hex, 16));
    }

    private static InetAddress address(int bits) {
        return of(new byte[] {(byte) (bits >> 24), (byte) (bits >> 16), (byte) (bits >> 8), (byte) bits});
    }

    private static InetAddress of(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("4 or 16 bytes are an address", e);
        }
    }
}
