package decnet.topology;

import java.util.List;
import java.util.SplittableRandom;

/**
 * What a machine knows of the place it stands in: the same company, people and network for all machines of an installation.
 *
 * @param company name as people write it
 * @param address of the machine on the internal network, IPv4
 * @param network the first three bytes of that address and a dot: {@code 10.20.30.}
 * @param nameserver IPv4
 * @param colleagues people who work there, its own users among them
 * @param neighbours other machines that it has to do with, as they were when it was made
 */
public record SiteView(
        String company,
        String address,
        String network,
        String nameserver,
        List<Colleague> colleagues,
        List<Neighbour> neighbours) {
    public SiteView {
        colleagues = List.copyOf(colleagues);
        neighbours = List.copyOf(neighbours);
    }

    /**
     * A person.
     *
     * @param login name of the person's accounts
     */
    public record Colleague(String firstName, String lastName, String login, String mail) {
        /** As in an address book: {@code Anna Weber}. */
        public String fullName() {
            return firstName + " " + lastName;
        }
    }

    /** Another machine. */
    public record Neighbour(String hostname, String address) {}

    public String gateway() {
        return network + "1";
    }

    /** The same machine at another place of the network. */
    SiteView withAddress(String other) {
        return new SiteView(
                company, other, other.substring(0, other.lastIndexOf('.') + 1), nameserver, colleagues, neighbours);
    }

    SiteView withNeighbours(List<Neighbour> others) {
        return new SiteView(company, address, network, nameserver, colleagues, others);
    }

    /** For a persona stored by the first version, which kept none: the addresses its shell has shown since. */
    static SiteView derived(String domain, long seed) {
        SplittableRandom random = new SplittableRandom(seed ^ 0x6e6574L);
        String network = "10." + random.nextInt(8, 230) + "." + random.nextInt(0, 64) + ".";
        String company = domain.substring(0, Math.max(1, domain.indexOf('.')));
        return new SiteView(
                Character.toUpperCase(company.charAt(0)) + company.substring(1),
                network + (20 + Math.floorMod(seed >> 8, 200)),
                network,
                network + "2",
                List.of(),
                List.of());
    }
}
