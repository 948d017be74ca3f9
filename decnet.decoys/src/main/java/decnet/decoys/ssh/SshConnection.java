package decnet.decoys.ssh;

import decnet.core.Peer;
import decnet.core.WireText;
import decnet.decoys.LogBook;
import decnet.decoys.Outlet;
import decnet.decoys.Seen;
import decnet.topology.Account;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.sshd.common.kex.KexProposalOption;

/** What the layers of one connection share. Used in the turn of the connection's dialogue only. */
final class SshConnection {
    private static final int MAX_REASON = 300;

    private final SshProfile profile;
    private final Outlet outlet;
    private final Peer source;
    private final Peer destination;
    private byte[] clientVersion = {};
    private final List<Seen> last = new ArrayList<>();
    private Optional<RuntimeException> defect = Optional.empty();
    private boolean broken;
    private boolean ending;
    private Optional<LogBook.Stay> stay = Optional.empty();

    SshConnection(SshProfile profile, Outlet outlet, Peer source, Peer destination) {
        this.profile = profile;
        this.outlet = outlet;
        this.source = source;
        this.destination = destination;
    }

    SshProfile profile() {
        return profile;
    }

    Outlet outlet() {
        return outlet;
    }

    Peer source() {
        return source;
    }

    Peer destination() {
        return destination;
    }

    /** Tells what was seen; what comes with the end of the connection is kept for {@link #lastEvents}. */
    void saw(Seen seen) {
        if (ending) {
            last.add(seen);
        } else {
            outlet.saw(seen);
        }
    }

    /** Somebody got in: the machine's logs tell it. */
    void arrived(Account account) {
        stay = Optional.of(profile.context().disk().logBook().accepted(LogBook.Door.SSH, account.name(), source));
    }

    /** Whoever got in leaves. */
    void left() {
        stay.ifPresent(LogBook.Stay::end);
    }

    /** Keeps a failure that is ours, not the client's. */
    void failed(RuntimeException cause) {
        defect = Optional.of(cause);
    }

    /** @throws RuntimeException the failure that was kept, once, for the engine to count */
    void tellFailure() {
        Optional<RuntimeException> kept = defect;
        defect = Optional.empty();
        if (kept.isPresent()) {
            throw kept.get();
        }
    }

    /** From here on events are kept. */
    void ending() {
        ending = true;
    }

    List<Seen> lastEvents() {
        return List.copyOf(last);
    }

    /** @param line without its end */
    void identified(byte[] line) {
        clientVersion = line.clone();
    }

    /** Whether the client is one that knows OpenSSH's own messages. */
    boolean openSshClient() {
        return new String(clientVersion, StandardCharsets.ISO_8859_1).contains("OpenSSH");
    }

    void hello(String version, Map<KexProposalOption, String> proposal, String hassh) {
        saw(Seen.of(
                "client_hello",
                "banner",
                WireText.of(version.getBytes(StandardCharsets.UTF_8)),
                "hassh",
                hassh,
                "kex",
                text(proposal, KexProposalOption.ALGORITHMS),
                "hostkey_algs",
                text(proposal, KexProposalOption.SERVERKEYS),
                "ciphers",
                text(proposal, KexProposalOption.C2SENC),
                "macs",
                text(proposal, KexProposalOption.C2SMAC),
                "compression",
                text(proposal, KexProposalOption.C2SCOMP)));
    }

    private static String text(Map<KexProposalOption, String> proposal, KexProposalOption option) {
        return WireText.of(proposal.getOrDefault(option, "").getBytes(StandardCharsets.UTF_8));
    }

    /** The client broke the rules; told once. */
    void broken(String what) {
        if (!broken) {
            broken = true;
            byte[] bytes = what.getBytes(StandardCharsets.UTF_8);
            saw(Seen.of(
                    "unknown_input", "data", "", "what", WireText.of(bytes, 0, Math.min(bytes.length, MAX_REASON))));
        }
    }
}
