package decnet.topology;

import decnet.core.DeckyName;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A description of a fleet, as a person writes it. Immutable.
 *
 * <pre>
 * file     = *( line LF )
 * line     = [ comment / section / key *WSP "=" *WSP value ]     ; comment begins with # or ;
 * section  = "[general]" / "[" decky "]" / "[" decky "." service "]"
 * general  : driver = loopback | netns, real-ports = yes | no, interface, subnet, subnet6, gateway,
 *            reserve (list of addresses, ranges, subnets), mutate-interval
 * decky    : archetype, services (comma list), ip, ip6, amount (1 to 100), distro, stack, mutate-interval
 * service  : the options of the service's catalogue entry; of custom-NAME port is needed
 * </pre>
 *
 * {@code amount = N} above 1 stands for {@code decky-01} to {@code decky-NN}; its service sections go to all of them.
 *
 * <p>With {@code driver = netns}, which {@code interface} implies, what is not said is taken from the host: the interface of its default
 * route, the subnet and gateway it has there.
 *
 * @param deckies in the order of the file
 */
public record FleetFile(FleetNetwork network, List<Entry> deckies) {
    /** Most deckies of one section. */
    public static final int MAX_AMOUNT = 100;

    private static final long MAX_BYTES = 512 << 10;

    public FleetFile {
        deckies = List.copyOf(deckies);
    }

    /**
     * One decky of the file.
     *
     * @param stack how its packets look, if not as its system would have it
     * @param rotation how often its services are drawn anew
     * @param services options by slug, sorted
     */
    public record Entry(
            DeckyName name,
            Archetype archetype,
            Optional<String> distribution,
            Optional<InetAddress> address,
            Optional<InetAddress> address6,
            Optional<OsFamily> stack,
            Optional<Duration> rotation,
            Map<String, Map<String, String>> services) {
        public Entry {
            services = java.util.Collections.unmodifiableMap(new TreeMap<>(services));
        }
    }

    /** The fleet for a first look: five machines of five kinds that offer every service. */
    public static FleetFile standard() {
        return parse("default fleet", """
            [intranet]
            archetype = web-server
            services = ftp, http, https
            [bastion]
            archetype = linux-server
            [cache]
            archetype = database-server
            [files]
            archetype = file-server
            services = ftp, ssh, tftp
            [camera]
            archetype = iot-device
            """);
    }

    /** As {@link #read(Path, FleetNetwork.Defaults)}, of a file that says everything itself. */
    public static FleetFile read(Path path) {
        return read(path, FleetNetwork.Defaults.NONE);
    }

    /** @throws FleetException with every problem of the file, each with its line */
    public static FleetFile read(Path path, FleetNetwork.Defaults defaults) {
        try {
            if (Files.size(path) > MAX_BYTES) {
                throw new FleetException(
                        List.of(path + ": larger than " + MAX_BYTES + " bytes; is this a fleet file?"));
            }
            Path folder = Optional.ofNullable(path.toAbsolutePath().getParent()).orElse(path);
            return new FleetFileParser(path.toString(), folder, defaults).parse(Files.readString(path));
        } catch (MalformedInputException e) {
            throw new FleetException(path + ": not UTF-8 text", e);
        } catch (IOException e) {
            throw new FleetException(path + ": cannot be read (" + e + ")", e);
        }
    }

    /** As {@link #parse(String, String, FleetNetwork.Defaults)}, of a text that says everything itself. */
    public static FleetFile parse(String source, String text) {
        return parse(source, text, FleetNetwork.Defaults.NONE);
    }

    /** @param source named in front of each line number */
    public static FleetFile parse(String source, String text, FleetNetwork.Defaults defaults) {
        return new FleetFileParser(source, Path.of(""), defaults).parse(text);
    }
}
