package decnet.topology;

import java.util.Optional;

/**
 * A network interface of a drawn machine. As somebody wrote it: {@link TopologyValidation} says what is wrong with it.
 *
 * @param address of IPv4; empty if none was given
 * @param latencyMillis added one way by the line
 * @param lossPerMille share of packets that the line loses
 */
public record TopologyAttachment(
        String lan, String address, Optional<String> address6, int latencyMillis, int lossPerMille) {
    /** With a perfect line and without IPv6. */
    public TopologyAttachment(String lan, String address) {
        this(lan, address, Optional.empty(), 0, 0);
    }
}
