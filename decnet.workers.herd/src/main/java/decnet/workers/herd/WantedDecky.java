package decnet.workers.herd;

import decnet.core.DeckyName;
import decnet.topology.Attachment;
import decnet.topology.Decky;
import decnet.topology.DeckyService;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * What the desired state says of a machine, without what makes it heavy: keys, files, bait.
 *
 * @param addresses the usual one first, each once
 * @param services slugs, sorted
 * @param ports how many places it listens at
 * @param places services with their ports and options, to see whether something changed
 */
record WantedDecky(
        DeckyName name,
        String scope,
        boolean loopback,
        String archetype,
        String hostname,
        List<InetAddress> addresses,
        String mac,
        List<String> services,
        int ports,
        int places) {
    WantedDecky {
        addresses = List.copyOf(addresses);
        services = List.copyOf(services);
    }

    static WantedDecky of(Decky decky) {
        List<InetAddress> addresses = new ArrayList<>(List.of(decky.address()));
        for (Attachment attachment : decky.placement().attachments()) {
            addresses.add(attachment.address());
            attachment.address6().ifPresent(addresses::add);
        }
        return new WantedDecky(
                decky.name(),
                decky.placement().scope(),
                decky.placement().loopback(),
                decky.persona().archetype(),
                decky.persona().hostname(),
                addresses.stream().distinct().toList(),
                decky.persona().mac(),
                decky.services().stream().map(DeckyService::slug).sorted().toList(),
                decky.services().stream()
                        .mapToInt(service -> service.ports().size())
                        .sum(),
                places(decky));
    }

    /** The same in every process. */
    private static int places(Decky decky) {
        StringBuilder text = new StringBuilder();
        for (DeckyService service : decky.services()) {
            text.append(service.slug()).append(service.ports()).append(new TreeMap<>(service.options()));
        }
        return text.toString().hashCode();
    }

    /** Whether it became another machine. */
    boolean otherPersona(WantedDecky before) {
        return !mac.equals(before.mac) || !hostname.equals(before.hostname) || !archetype.equals(before.archetype);
    }
}
