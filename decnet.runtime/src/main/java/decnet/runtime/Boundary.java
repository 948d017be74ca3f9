package decnet.runtime;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which images can reach the database, and which may. */
public final class Boundary {
    /** What a process without a database must not have. */
    public static final Set<String> ORM =
            Set.of("decnet.db", "org.jdbi.v3.core", "com.zaxxer.hikari", "org.postgresql.jdbc");

    /** Images that may hold it. */
    private static final Set<String> WITH_ORM = Set.of("herd", "heavy", "console", "mono");

    private static final List<String> KNOWN =
            List.of("bus", "netd", "decoy", "capture", "herd", "heavy", "console", "mono");

    private Boundary() {}

    /** What {@code java --list-modules} of one image says. */
    public record Finding(String image, boolean ormAllowed, List<String> modules) {
        public Finding {
            modules = List.copyOf(modules);
        }

        public boolean orm() {
            return modules.stream().anyMatch(ORM::contains);
        }

        public boolean sound() {
            return ormAllowed || !orm();
        }

        public List<String> ours() {
            return modules.stream().filter(name -> name.startsWith("decnet.")).toList();
        }
    }

    /** Asks every image beside this one. */
    public static List<Finding> check(Images images) throws IOException, InterruptedException {
        List<Finding> findings = new ArrayList<>();
        for (String image : KNOWN) {
            if (images.has(image)) {
                Tool tool = Tool.run(
                        List.of(images.java(image).toString(), "-Xshare:off", "--list-modules"),
                        Map.of(),
                        Duration.ofSeconds(20));
                if (tool.code() != 0) {
                    throw new IOException("java --list-modules of image " + image + " failed: " + tool.err());
                }
                List<String> modules = tool.out()
                        .lines()
                        .map(line -> line.contains("@") ? line.substring(0, line.indexOf('@')) : line)
                        .toList();
                findings.add(new Finding(image, WITH_ORM.contains(image), modules));
            }
        }
        return findings;
    }
}
