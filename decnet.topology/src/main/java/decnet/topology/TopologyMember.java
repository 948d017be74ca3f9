package decnet.topology;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A drawn machine. As somebody wrote it: {@link TopologyValidation} says what is wrong with it.
 *
 * @param name the decky's
 * @param archetype slug
 * @param distribution slug; without one it is drawn when the machine is made
 * @param services slugs, sorted
 * @param options settings by service, sorted; the value of an option that names a file elsewhere is the content itself
 * @param attachments its interfaces in their order; the first has its usual address
 * @param forwards whether it routes between them
 */
public record TopologyMember(
        String name,
        String archetype,
        Optional<String> distribution,
        List<String> services,
        Map<String, Map<String, String>> options,
        List<TopologyAttachment> attachments,
        boolean forwards) {
    /** Most interfaces of one machine. */
    public static final int MAX_ATTACHMENTS = 16;

    public TopologyMember {
        services = services.stream().sorted().toList();
        Map<String, Map<String, String>> sorted = new TreeMap<>();
        options.forEach((slug, map) -> sorted.put(slug, Collections.unmodifiableMap(new TreeMap<>(map))));
        options = Collections.unmodifiableMap(sorted);
        attachments = List.copyOf(attachments);
    }

    /** Whether it routes between segments. */
    public boolean router() {
        return forwards && attachments.size() > 1;
    }

    public boolean on(String lan) {
        return attachments.stream().anyMatch(one -> one.lan().equals(lan));
    }

    /** Its settings for a service; none if there are none. */
    Map<String, String> optionsOf(String slug) {
        return options.getOrDefault(slug, Map.of());
    }
}
