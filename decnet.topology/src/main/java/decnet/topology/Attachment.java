package decnet.topology;

import java.net.InetAddress;
import java.util.Optional;

/**
 * A network interface of a machine.
 *
 * @param lan name of the segment it is on
 * @param address of IPv4
 * @param address6 of IPv6, beside the link-local one
 */
public record Attachment(String lan, InetAddress address, Optional<InetAddress> address6, Link link) {}
