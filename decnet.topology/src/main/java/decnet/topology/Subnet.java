package decnet.topology;

import decnet.core.Snippet;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * A prefix of addresses, of IPv4 or IPv6 (RFC 4632, RFC 4291 section 2.3).
 *
 * @param network lowest address
 * @param length of the prefix, bits
 */
public record Subnet(InetAddress network, int length) {
    /** @throws IllegalArgumentException if the length does not fit the family, or bits behind the prefix are set */
    public Subnet {
        int bits = network.getAddress().length * 8;
        if (length < 0 || length > bits) {
            throw new IllegalArgumentException("prefix length " + length + ": expected 0 to " + bits);
        }
        InetAddress first = address(number(network).shiftRight(bits - length).shiftLeft(bits - length), bits);
        if (!first.equals(network)) {
            throw new IllegalArgumentException(network.getHostAddress() + "/" + length
                    + ": bits behind the prefix are set; meant is " + first.getHostAddress() + "/" + length + "?");
        }
    }

    /**
     * Reads {@code 192.168.1.0/24} or {@code 2001:db8::/64}.
     *
     * @throws IllegalArgumentException with what was expected
     */
    public static Subnet parse(String text) {
        int slash = text.indexOf('/');
        if (slash <= 0 || text.length() > 64) {
            throw new IllegalArgumentException(Snippet.of(text) + ": expected ADDRESS/LENGTH, as 192.168.1.0/24");
        }
        InetAddress address;
        int length;
        try {
            address = InetAddress.ofLiteral(text.substring(0, slash));
            length = Integer.parseInt(text.substring(slash + 1));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(Snippet.of(text) + ": expected ADDRESS/LENGTH, as 192.168.1.0/24", e);
        }
        return new Subnet(address, length);
    }

    public boolean ip6() {
        return network.getAddress().length == 16;
    }

    public boolean contains(InetAddress address) {
        int bits = bits();
        return address.getAddress().length * 8 == bits
                && number(address)
                        .shiftRight(bits - length)
                        .equals(number(network).shiftRight(bits - length));
    }

    public boolean overlaps(Subnet other) {
        return contains(other.network) || other.contains(network);
    }

    /** Its highest address: that of broadcasts, with IPv4. */
    public InetAddress last() {
        return address(number(network).add(size()).subtract(BigInteger.ONE), bits());
    }

    /** How many addresses it has, those that no machine may have among them. */
    public BigInteger size() {
        return BigInteger.ONE.shiftLeft(bits() - length);
    }

    /**
     * The address that is {@code offset} above the lowest.
     *
     * @throws IllegalArgumentException if there are fewer
     */
    public InetAddress at(long offset) {
        BigInteger wanted = BigInteger.valueOf(offset);
        if (offset < 0 || wanted.compareTo(size()) >= 0) {
            throw new IllegalArgumentException(this + " has no address number " + offset);
        }
        return address(number(network).add(wanted), bits());
    }

    /** Whether a machine may have the address: within, and with IPv4 neither the lowest nor the highest of more than two. */
    public boolean usable(InetAddress address) {
        return contains(address)
                && (ip6()
                        ? !address.equals(network)
                        : length > 30 || !address.equals(network) && !address.equals(last()));
    }

    private int bits() {
        return network.getAddress().length * 8;
    }

    private static BigInteger number(InetAddress address) {
        return new BigInteger(1, address.getAddress());
    }

    private static InetAddress address(BigInteger number, int bits) {
        byte[] bytes = new byte[bits / 8];
        byte[] digits = number.toByteArray();
        int from = Math.max(0, digits.length - bytes.length);
        System.arraycopy(digits, from, bytes, bytes.length - (digits.length - from), digits.length - from);
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("4 or 16 bytes are an address", e);
        }
    }

    @Override
    public String toString() {
        return network.getHostAddress() + "/" + length;
    }
}
