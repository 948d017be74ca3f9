package decnet.images;

import java.util.List;

/**
 * One runtime image.
 *
 * @param name folder below {@code images}
 * @param roots the modules it starts from; providers of services are not found otherwise
 * @param orm whether the database stack may be in it
 */
record Tier(String name, List<String> roots, boolean orm) {
    private static final List<String> ALWAYS = List.of(
            "decnet.cli",
            "decnet.runtime",
            "io.netty.transport.epoll.linux.x86_64",
            "java.naming" // Netty's resolver of host names looks for it
            );

    static final List<Tier> ALL = List.of(
            new Tier("bus", List.of(), false),
            new Tier("netd", List.of("decnet.netd", "decnet.topology", "decnet.journal"), false),
            new Tier("decoy", List.of("decnet.decoys", "decnet.topology", "decnet.journal"), false),
            new Tier(
                    "capture",
                    List.of("decnet.capture", "decnet.workers.edge", "decnet.topology", "decnet.journal"),
                    false),
            new Tier(
                    "herd",
                    List.of(
                            "decnet.workers.herd",
                            "decnet.workers.edge",
                            "decnet.operator",
                            "decnet.db",
                            "decnet.journal"),
                    true),
            new Tier("heavy", List.of("decnet.workers.heavy", "decnet.db"), true),
            new Tier(
                    "mono",
                    List.of(
                            "decnet.capture",
                            "decnet.workers.edge",
                            "decnet.workers.herd",
                            "decnet.workers.heavy",
                            "decnet.operator",
                            "decnet.db",
                            "decnet.topology",
                            "decnet.journal"),
                    true));

    /** What a process without a database must not be able to reach. */
    static final List<String> ORM =
            List.of("decnet.db", "org.jdbi.v3.core", "com.zaxxer.hikari", "org.postgresql.jdbc");

    /** Modules that must stay free of it whatever image they are in. */
    static final List<String> NEVER_DB = List.of(
            "decnet.core",
            "decnet.bus",
            "decnet.runtime",
            "decnet.journal",
            "decnet.topology",
            "decnet.decoys",
            "decnet.formats",
            "decnet.x509",
            "decnet.linux",
            "decnet.netd",
            "decnet.capture",
            "decnet.workers.edge",
            "decnet.cli");

    Tier {
        roots = List.copyOf(roots);
    }

    /** Whether something in it calls C by itself. */
    boolean systemCalls() {
        return name.equals("netd") || name.equals("decoy");
    }

    List<String> modules() {
        var all = new java.util.ArrayList<>(ALWAYS);
        all.addAll(roots);
        return List.copyOf(all);
    }
}
