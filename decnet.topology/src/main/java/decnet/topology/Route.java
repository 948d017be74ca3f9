package decnet.topology;

import java.net.InetAddress;

/**
 * A line of a machine's routing table.
 *
 * @param destination the packets it is for; {@code 0.0.0.0/0} for all that no other line is for
 * @param via the router's address on that LAN
 * @param lan where the machine sends them; as its {@link Attachment} names it
 */
public record Route(Subnet destination, InetAddress via, String lan) {}
