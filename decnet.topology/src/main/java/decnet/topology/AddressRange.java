package decnet.topology;

import decnet.core.Snippet;
import java.math.BigInteger;
import java.net.InetAddress;

/** Addresses from one to another, both included, of one family. */
public record AddressRange(InetAddress first, InetAddress last) {
    /** @throws IllegalArgumentException if they are of two families, or the last is before the first */
    public AddressRange {
        if (first.getAddress().length != last.getAddress().length
                || number(first).compareTo(number(last)) > 0) {
            throw new IllegalArgumentException(
                    first.getHostAddress() + "-" + last.getHostAddress() + ": expected the lower address first");
        }
    }

    /**
     * Reads {@code A}, {@code A-B} or {@code A/LENGTH}.
     *
     * @throws IllegalArgumentException with what was expected
     */
    public static AddressRange parse(String text) {
        if (text.contains("/")) {
            Subnet subnet = Subnet.parse(text);
            return new AddressRange(subnet.network(), subnet.last());
        }
        int dash = text.indexOf('-');
        return dash < 0
                ? new AddressRange(address(text, text), address(text, text))
                : new AddressRange(address(text, text.substring(0, dash)), address(text, text.substring(dash + 1)));
    }

    private static InetAddress address(String text, String part) {
        try {
            return InetAddress.ofLiteral(part.strip());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    Snippet.of(text) + ": expected ADDRESS, ADDRESS-ADDRESS or ADDRESS/LENGTH", e);
        }
    }

    public boolean contains(InetAddress address) {
        return address.getAddress().length == first.getAddress().length
                && number(first).compareTo(number(address)) <= 0
                && number(address).compareTo(number(last)) <= 0;
    }

    private static BigInteger number(InetAddress address) {
        return new BigInteger(1, address.getAddress());
    }
}
