package decnet.workers.edge.command;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ArrayNode;
import decnet.core.CommandContext;
import decnet.core.DeckyName;
import decnet.core.ExitCode;
import decnet.core.Json;
import decnet.core.TextTable;
import decnet.workers.edge.SwarmAuthority;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code decnet swarm ca}: certificates for the hosts of a swarm. */
@Command(name = "ca", description = "Issues and revokes the certificates by which hosts know each other.")
final class SwarmCaCommand implements Callable<Integer> {
    @ParentCommand
    private @Nullable SwarmCommand swarm;

    SwarmCaCommand() {}

    private CommandContext context() {
        return requireNonNull(swarm).context();
    }

    private SwarmAuthority authority() {
        return new SwarmAuthority(context().places().state().resolve("swarm"), InstantSource.system());
    }

    @Override
    public Integer call() {
        return requireNonNull(swarm).call();
    }

    /** What a command does, apart from trouble. */
    @FunctionalInterface
    private interface Work {
        int run() throws IOException;
    }

    private int guarded(Work work) {
        try {
            return work.run();
        } catch (IOException e) {
            context().err().println(e.getMessage());
            return ExitCode.FAILED;
        } catch (IllegalArgumentException e) {
            context().err().println(e.getMessage());
            return ExitCode.USAGE;
        }
    }

    @Command(name = "init", description = "Makes the authority that signs for this swarm; once, at the centre.")
    int init(
            @Option(
                            names = "--name",
                            paramLabel = "TEXT",
                            description = "What stands in its certificate; peers can read it. Default: a random one.")
                    @Nullable
                    String name) {
        return guarded(() -> {
            byte[] random = new byte[4];
            new SecureRandom().nextBytes(random);
            String text = name == null ? "ca-" + HexFormat.of().formatHex(random) : name;
            if (!text.matches("[A-Za-z0-9 ._-]{1,64}")) {
                throw new IllegalArgumentException("--name: expected 1 to 64 letters, digits, blanks and . _ -");
            }
            Instant end = authority().init(text).getNotAfter().toInstant();
            context()
                    .out()
                    .println("authority " + text + " made, good until " + end
                            + "\nnext, this host's own certificate:  decnet swarm ca issue NAME --own --san "
                            + "HOST-OR-ADDRESS\nthen one for each sensor:            decnet swarm ca issue SENSOR");
            return ExitCode.OK;
        });
    }

    @Command(name = "issue", description = "Issues a certificate and writes the folder that its host needs.")
    int issue(
            @Parameters(paramLabel = "NAME", description = "The host's name, for example paris-01.") String name,
            @Option(
                            names = "--san",
                            split = ",",
                            paramLabel = "HOST",
                            description = "Host names or addresses under which it is reached; needed for the centre.")
                    @Nullable
                    List<String> san,
            @Option(names = "--days", defaultValue = "365", description = "How long it is good, at most 365 days.")
                    int days,
            @Option(names = "--own", description = "For this host itself: puts it where listener and forwarder look.")
                    boolean own) {
        return guarded(() -> {
            SwarmAuthority authority = authority();
            DeckyName host = new DeckyName(name);
            List<String> names = san == null ? List.of() : List.copyOf(san);
            for (String one : names) {
                if (!one.matches("[A-Za-z0-9.:-]{1,253}")) {
                    throw new IllegalArgumentException(
                            "--san: not a host name or address: " + decnet.core.Snippet.of(one));
                }
            }
            Path bundle = authority.issue(host, names, days, own ? authority.own() : authority.bundle(host));
            if (own) {
                context().out().println("issued " + host + " for this host, in " + bundle);
                return ExitCode.OK;
            }
            write(bundle.resolve("README"), readMe(host, Instant.now().plus(Duration.ofDays(days))));
            write(
                    bundle.resolve("decnet.conf"),
                    "# of sensor " + host + ": add to its decnet.conf\n" + "collect.sensor = " + host
                            + "\n# the centre, as its certificate names it\nforwarder.to = CENTRE:6514\n");
            context()
                    .out()
                    .println("issued " + host + ", in " + bundle + "\ncopy  key.pem cert.pem ca.pem crl.pem  to "
                            + "<state>/swarm/own on that host, add decnet.conf there to its configuration,"
                            + "\nand remove key.pem here; README there says more");
            return ExitCode.OK;
        });
    }

    private static void write(Path file, String text) throws IOException {
        Files.deleteIfExists(file);
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, text);
    }

    private static String readMe(DeckyName host, Instant end) {
        return """
            For host %1$s, good until %2$s.

            key.pem    its private key: nobody else may have it. Mode 0600; remove it here once it is there
            cert.pem   its certificate: the centre knows the host by the name in it
            ca.pem     who signed it: by this it knows the centre
            crl.pem    certificates that were revoked when this was written

            A sensor: copy the four to <state>/swarm/own there, owned by the user its workers run as (decnet), and add the
            lines of decnet.conf to its configuration, with the centre's name in them. No restart is needed for certificates.
                install -d -o decnet -g decnet -m 0700 /var/lib/decnet/swarm/own
                install -o decnet -g decnet -m 0600 *.pem /var/lib/decnet/swarm/own

            A system that sends syslog (rsyslog with rsyslog-openssl or rsyslog-gnutls), the files in /etc/rsyslog.d/decnet, say:
                global(defaultNetstreamDriver="ossl" defaultNetstreamDriverCAFile="/etc/rsyslog.d/decnet/ca.pem"
                       defaultNetstreamDriverCertFile="/etc/rsyslog.d/decnet/cert.pem"
                       defaultNetstreamDriverKeyFile="/etc/rsyslog.d/decnet/key.pem")
                action(type="omfwd" target="CENTRE" port="6514" protocol="tcp" TCP_Framing="octet-counted"
                       streamDriver="ossl" streamDriverMode="1" streamDriverAuthMode="x509/name"
                       streamDriverPermittedPeers="CENTRE" template="RSYSLOG_SyslogProtocol23Format"
                       queue.type="linkedList" queue.filename="decnet" queue.saveOnShutdown="on"
                       action.resumeRetryCount="-1")

            Before the end, issue it anew at the centre: decnet swarm ca issue %1$s
            """.formatted(host, end.truncatedTo(ChronoUnit.SECONDS));
    }

    @Command(name = "revoke", description = "Revokes every certificate of a host; connections of it are cut.")
    int revoke(@Parameters(paramLabel = "NAME", description = "The host's name.") String name) {
        return guarded(() -> {
            int count = authority().revoke(new DeckyName(name));
            if (count == 0) {
                context().err().println("no certificate of " + name + " is good; see: decnet swarm ca list");
                return ExitCode.FAILED;
            }
            context()
                    .out()
                    .println("revoked " + count + " of " + name + "; a listener here heeds it within seconds,"
                            + " elsewhere once it has "
                            + context().places().state().resolve("swarm/crl.pem"));
            return ExitCode.OK;
        });
    }

    @Command(name = "list", description = "Shows what was issued.")
    int list(@Option(names = "--json", description = "For machines.") boolean json) {
        return guarded(() -> {
            Instant now = Instant.now();
            TextTable table = new TextTable("NAME", "SERIAL", "GOOD UNTIL", "STATE");
            ArrayNode all = Json.array();
            for (SwarmAuthority.Issued one : authority().list()) {
                String state = one.revokedAt()
                        .map(at -> "revoked " + at)
                        .orElse(one.notAfter().isBefore(now) ? "expired" : "good");
                table.row(one.name(), one.serial().toString(16), one.notAfter(), state);
                all.addObject()
                        .put("name", one.name().text())
                        .put("serial", one.serial().toString(16))
                        .put("not_after", one.notAfter().toString())
                        .put("state", state);
            }
            context().out().print(json ? Json.pretty(all) + "\n" : table.toString());
            return ExitCode.OK;
        });
    }
}
