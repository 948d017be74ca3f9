package decnet.topology;

import java.util.List;
import java.util.Optional;

/**
 * Where a machine is.
 *
 * @param scope who deployed it: empty for a fleet file, else the topology's name
 * @param attachments its interfaces, the first with its usual address; empty if it has only an address of this host's loopback
 * @param forwards whether it routes between its interfaces
 * @param stack how its packets look, where that is not as its system would have it
 */
public record Placement(String scope, List<Attachment> attachments, boolean forwards, Optional<OsFamily> stack) {
    /** No network of its own. */
    public static final Placement LOOPBACK = new Placement("", List.of(), false, Optional.empty());

    public Placement {
        attachments = List.copyOf(attachments);
    }

    public boolean loopback() {
        return attachments.isEmpty();
    }

    public boolean on(String lan) {
        return attachments.stream().anyMatch(one -> one.lan().equals(lan));
    }
}
