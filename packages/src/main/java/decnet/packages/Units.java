package decnet.packages;

import decnet.core.Catalogue;
import decnet.runtime.Host;
import decnet.runtime.HostFolder;
import decnet.runtime.Plan;
import decnet.runtime.PlanRequest;
import decnet.runtime.ProcessSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The units of an installation, made from the same plans as {@code up} goes by: one per process of the plan {@code tiered}, and for
 * each worker that shares a process there one of its own, which conflicts with it. Commands, users, groups and memory come from the
 * plan; what is written here is what only systemd does.
 */
final class Units {
    static final String IMAGES = "/usr/lib/decnet";
    static final String STATE = "/var/lib/decnet";
    static final String RUN = "/run/decnet";
    /** Settings with secrets in them, read by what needs the database only. */
    static final String SECRETS = "/etc/decnet/database.env";

    private static final String TARGET = "decnet.target";
    private static final String BUS = "decnet-bus.service";
    private static final String DEPLOY = "decnet-deploy.service";
    private static final String DATABASE = "decnet-postgresql.service";
    private static final String MIGRATE = "decnet-migrate.service";
    private static final List<String> DATABASE_JVM = List.of("-Xmx48m");

    /** What a command may use before it is ended, MiB. */
    private static final int COMMAND_MEMORY_MAX = 192;

    private static final int DATABASE_MEMORY_MAX = 512;

    /** What an account's processes write to below the state folder beside ledger and profiles; the run folder is everybody's. */
    private static final Map<String, List<String>> WRITES = Map.of(
            "decoys", List.of(STATE + "/journal/decoys", STATE + "/blobs", STATE + "/disks"),
            "netd", List.of(STATE + "/journal/netd"),
            "capture", List.of(STATE + "/journal"),
            "collect", List.of(STATE + "/journal"),
            "bus", List.of(),
            "profiler", List.of(),
            "ttp", List.of());

    private final Plan tiered;
    private final Plan isolated;

    Units(Catalogue catalogue) {
        tiered = plan("tiered", catalogue);
        isolated = plan("isolated", catalogue);
    }

    private static Plan plan(String base, Catalogue catalogue) {
        return Plan.of(new PlanRequest(base, List.of(), false, PlanRequest.FULL, true), catalogue);
    }

    /**
     * A unit and what a package must know of it.
     *
     * @param image whose package it comes in
     * @param use whether it is enabled and started, only made known, or started by others
     */
    record Unit(UnitFile file, String image, Use use) {
        String name() {
            return file.name();
        }
    }

    /** How a unit comes to be started. */
    enum Use {
        /** At boot, and when its package is installed. */
        ENABLED,
        /** When somebody asks for it. */
        ON_DEMAND
    }

    /** All of them. */
    List<Unit> all() {
        List<Unit> units = new ArrayList<>();
        units.add(new Unit(target(), "bus", Use.ENABLED));
        for (ProcessSpec spec : tiered.processes()) {
            units.add(new Unit(worker(spec, alternatives(spec, isolated)), spec.image(), Use.ENABLED));
        }
        for (ProcessSpec spec : isolated.processes()) {
            if (tiered.processes().stream().noneMatch(other -> other.name().equals(spec.name()))) {
                units.add(new Unit(worker(spec, alternatives(spec, tiered)), spec.image(), Use.ON_DEMAND));
            }
        }
        units.add(new Unit(deploy(), "decoy", Use.ON_DEMAND));
        units.add(new Unit(migrate(), "herd", Use.ON_DEMAND));
        units.add(new Unit(database(), "postgres", Use.ENABLED));
        return units;
    }

    private static String unit(ProcessSpec spec) {
        return "decnet-" + spec.name() + ".service";
    }

    /** Units of another plan that hold a worker of {@code spec} under another name. */
    private static List<String> alternatives(ProcessSpec spec, Plan other) {
        return other.processes().stream()
                .filter(process -> !process.name().equals(spec.name())
                        && process.workers().stream().anyMatch(spec.workers()::contains))
                .map(Units::unit)
                .toList();
    }

    private static UnitFile target() {
        return new UnitFile(TARGET)
                .set("Unit", "Description", "DECNET, a deception network")
                .set("Unit", "Documentation", "man:decnet(1)")
                .set("Install", "WantedBy", "multi-user.target");
    }

    private static UnitFile worker(ProcessSpec spec, List<String> conflicts) {
        boolean orm = spec.image().equals("herd") || spec.image().equals("heavy");
        boolean decoys = spec.image().equals("decoy");
        List<String> after = new ArrayList<>(List.of("network.target"));
        List<String> wants = new ArrayList<>();
        if (!spec.name().equals("bus")) {
            after.add(BUS);
            wants.add(BUS);
        }
        if (decoys) {
            after.add(DEPLOY);
            wants.add(DEPLOY);
        }
        if (orm) {
            after.add(DATABASE); // not MIGRATE: who finds another schema waits, and that may be long
            wants.addAll(spec.image().equals("herd") ? List.of(MIGRATE) : List.of());
        }
        UnitFile unit = begin(unit(spec), "DECNET " + spec.name() + described(spec))
                .list("Unit", "After", after)
                .list("Unit", "Wants", wants)
                .list("Unit", "Conflicts", conflicts)
                .set("Unit", "StartLimitIntervalSec", "0")
                .set("Service", "Type", "notify")
                .set("Service", "NotifyAccess", "main");
        service(unit, spec.account(), spec.groups());
        environment(unit, orm);
        unit.set("Service", "ExecStart", command(spec.image(), spec.jvm(), spec.arguments()))
                .set("Service", "WatchdogSec", "30")
                // a JVM answers it with the stacks of its threads, and lives on until it is killed
                .set("Service", "WatchdogSignal", "SIGQUIT")
                .set("Service", "TimeoutAbortSec", "5")
                .set("Service", "TimeoutStartSec", "60")
                .set("Service", "TimeoutStopSec", "60")
                .set("Service", "SuccessExitStatus", "143");
        restart(unit);
        limits(unit, spec.memoryMaxMib(), decoys ? 512 : 128);
        if (spec.image().equals("netd")) {
            return privileged(unit).set("Install", "WantedBy", TARGET);
        }
        sandbox(unit, writes(spec));
        return unit.set("Service", "RestrictAddressFamilies", "AF_UNIX AF_INET AF_INET6")
                .set("Install", "WantedBy", TARGET);
    }

    /**
     * For the helper. It makes namespaces, and those are mounts: with a view of its own of the file system, which most other settings bring
     * along, nobody else would see them, and they would be gone with it.
     */
    private static UnitFile privileged(UnitFile unit) {
        return unit.set("Service", "Environment", "DECNET_NETD_KEEP=yes")
                .set("Service", "UMask", "0022")
                .set("Service", "CapabilityBoundingSet", "CAP_NET_ADMIN CAP_NET_RAW CAP_NET_BIND_SERVICE CAP_SYS_ADMIN")
                .set("Service", "NoNewPrivileges", "yes")
                .set("Service", "LockPersonality", "yes")
                .set("Service", "KeyringMode", "private")
                .set("Service", "RestrictRealtime", "yes")
                .set("Service", "RestrictSUIDSGID", "yes")
                .set("Service", "RestrictNamespaces", "net mnt")
                .set("Service", "RestrictAddressFamilies", "AF_UNIX AF_INET AF_INET6 AF_NETLINK AF_PACKET")
                .set("Service", "SystemCallArchitectures", "native")
                .set("Service", "SystemCallFilter", "@system-service @mount bpf setns unshare")
                .set("Service", "SystemCallErrorNumber", "EPERM");
    }

    /** What changes for the decoys where the helper is installed: they have no network at all. */
    static UnitFile walledDecoys() {
        return new UnitFile("netd.conf")
                .set("Unit", "Wants", "decnet-netd.service")
                .set("Unit", "After", "decnet-netd.service")
                .set("Service", "PrivateNetwork", "yes")
                .set("Service", "Environment", "DECNET_DECOYS_NETD=yes");
    }

    private static List<String> writes(ProcessSpec spec) {
        List<String> own = WRITES.get(spec.name());
        if (own == null) {
            return List.of(STATE);
        }
        List<String> paths = new ArrayList<>(own);
        spec.workers().forEach(worker -> paths.add(STATE + "/ledger/" + worker));
        paths.add(STATE + "/profiles");
        return paths;
    }

    /** The folders of an installation with these units. */
    List<HostFolder> folders() {
        return HostFolder.of(tiered);
    }

    private static String described(ProcessSpec spec) {
        return spec.workers().equals(List.of(spec.name())) ? "" : " (" + String.join(", ", spec.workers()) + ")";
    }

    private UnitFile deploy() {
        UnitFile unit = oneshot(DEPLOY, "DECNET default fleet, if none is deployed")
                .set("Service", "ExecStart", command("decoy", Host.DEPLOY_JVM, List.of("deploy", "--default")));
        return unit;
    }

    /** Beside the workers, not in them: these start without a database too, and wait for it. */
    private UnitFile migrate() {
        return oneshot(MIGRATE, "DECNET database schema")
                .set("Unit", "After", DATABASE)
                .set("Service", "EnvironmentFile", "-" + SECRETS)
                .set("Service", "ExecStart", command("herd", DATABASE_JVM, List.of("db", "migrate")))
                .set("Service", "Restart", "on-failure")
                .set("Service", "RestartSec", "15");
    }

    private UnitFile oneshot(String name, String description) {
        UnitFile unit = begin(name, description)
                .set("Unit", "StartLimitIntervalSec", "0")
                .set("Service", "Type", "oneshot");
        service(unit, "decnet", groups());
        environment(unit, false);
        limits(unit, COMMAND_MEMORY_MAX, 128);
        sandbox(unit, List.of(STATE));
        return unit.set("Service", "RestrictAddressFamilies", "AF_UNIX AF_INET AF_INET6")
                .set("Service", "TimeoutStartSec", "120");
    }

    /** This PostgreSQL is built without sd_notify: whoever needs it waits for its socket. */
    private UnitFile database() {
        UnitFile unit = begin(DATABASE, "DECNET database (PostgreSQL)")
                .set("Unit", "After", "network.target")
                .set("Unit", "Wants", MIGRATE)
                .set("Unit", "StartLimitIntervalSec", "0")
                .set("Service", "Type", "exec");
        service(unit, "decnet", groups());
        environment(unit, false);
        unit.set("Service", "ExecCondition", command("herd", DATABASE_JVM, List.of("db", "embedded")))
                .set("Service", "ExecStartPre", command("herd", DATABASE_JVM, List.of("db", "prepare")))
                .set("Service", "ExecStart", IMAGES + "/postgres/bin/postgres -D " + STATE + "/postgres/data")
                .set("Service", "KillSignal", "SIGINT")
                .set("Service", "KillMode", "mixed")
                .set("Service", "TimeoutStartSec", "120")
                .set("Service", "TimeoutStopSec", "120");
        restart(unit);
        limits(unit, DATABASE_MEMORY_MAX, 128);
        sandbox(unit, List.of(STATE));
        return unit.set("Service", "PrivateNetwork", "yes")
                .set("Service", "RestrictAddressFamilies", "AF_UNIX")
                .set("Install", "WantedBy", TARGET);
    }

    private List<String> groups() {
        return tiered.processes().stream()
                .filter(spec -> spec.account().equals("decnet"))
                .findFirst()
                .orElseThrow()
                .groups();
    }

    private static String command(String image, List<String> jvm, List<String> arguments) {
        List<String> words = new ArrayList<>(List.of(IMAGES + "/" + image + "/bin/java"));
        words.addAll(jvm);
        words.addAll(List.of("-m", "decnet.cli/decnet.cli.Main"));
        words.addAll(arguments);
        return String.join(" ", words);
    }

    private static UnitFile begin(String name, String description) {
        return new UnitFile(name)
                .set("Unit", "Description", description)
                .set("Unit", "Documentation", "man:decnet(1)")
                .set("Unit", "PartOf", TARGET);
    }

    private static void service(UnitFile unit, String account, List<String> groups) {
        unit.set("Service", "User", account)
                .set("Service", "Group", account)
                .list("Service", "SupplementaryGroups", groups);
    }

    private static void environment(UnitFile unit, boolean secrets) {
        unit.set("Service", "Environment", "DECNET_STATE=" + STATE + " DECNET_RUN=" + RUN)
                // the run folder's group lets the decoys in as well; the broker tells them apart
                .set("Service", "Environment", "DECNET_BUS_GROUP= MALLOC_ARENA_MAX=2 LANG=C.UTF-8");
        if (secrets) {
            unit.set("Service", "EnvironmentFile", "-" + SECRETS);
        }
    }

    /** Always again, but not with a configuration that cannot work; a process recycles itself with exit code 75. */
    private static void restart(UnitFile unit) {
        unit.set("Service", "Restart", "on-failure")
                .set("Service", "RestartSec", "3")
                .set("Service", "RestartForceExitStatus", "75")
                .set("Service", "RestartPreventExitStatus", "2");
    }

    private static void limits(UnitFile unit, int memoryMib, int tasks) {
        unit.set("Service", "MemoryMax", memoryMib + "M")
                .set("Service", "TasksMax", Integer.toString(tasks))
                .set("Service", "LimitCORE", "0"); // captured passwords are in memory
    }

    /** {@code MemoryDenyWriteExecute} is not among it: a JVM writes the code it runs. */
    private static void sandbox(UnitFile unit, List<String> writes) {
        List<String> paths = new ArrayList<>(List.of(RUN));
        paths.addAll(writes);
        unit.set("Service", "UMask", "0022") // folders are closed; a writer must read what its readers leave in them
                .set("Service", "CapabilityBoundingSet", "")
                .set("Service", "AmbientCapabilities", "")
                .set("Service", "NoNewPrivileges", "yes")
                .set("Service", "ProtectSystem", "strict")
                .list("Service", "ReadWritePaths", paths)
                .set("Service", "ProtectHome", "yes")
                .set("Service", "PrivateTmp", "yes")
                .set("Service", "PrivateDevices", "yes")
                .set("Service", "DevicePolicy", "closed")
                .set("Service", "ProtectClock", "yes")
                .set("Service", "ProtectControlGroups", "yes")
                .set("Service", "ProtectHostname", "yes")
                .set("Service", "ProtectKernelLogs", "yes")
                .set("Service", "ProtectKernelModules", "yes")
                .set("Service", "ProtectKernelTunables", "yes")
                .set("Service", "ProtectProc", "invisible")
                .set("Service", "LockPersonality", "yes")
                .set("Service", "KeyringMode", "private")
                .set("Service", "RemoveIPC", "yes")
                .set("Service", "RestrictNamespaces", "yes")
                .set("Service", "RestrictRealtime", "yes")
                .set("Service", "RestrictSUIDSGID", "yes")
                .set("Service", "SystemCallArchitectures", "native")
                .set("Service", "SystemCallFilter", "@system-service")
                .set("Service", "SystemCallFilter", "~@privileged @resources")
                .set("Service", "SystemCallErrorNumber", "EPERM");
    }
}
