package decnet.packages;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The life of an installation in a fresh Debian: install, start each service as its unit says, an attack, an upgrade with everything
 * running, another attack, removal, purge. Its parts build on each other, so it is one test.
 */
class PackagesIT {
    /** In the order systemd would find for the target. */
    private static final List<String> SERVICES = List.of(
            "decnet-bus.service",
            "decnet-postgresql.service",
            "decnet-migrate.service",
            "decnet-deploy.service",
            "decnet-decoys.service",
            "decnet-capture.service",
            "decnet-herd.service",
            "decnet-profiler.service",
            "decnet-ttp.service");

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Test
    @Timeout(600)
    void anInstallationWorksIsUpgradedWithItsStateAndLeavesWhatItShould() throws IOException, InterruptedException {
        DebianRoot.assumePossible();
        Map<String, Service> services = new LinkedHashMap<>();
        try (DebianRoot debian = DebianRoot.fresh()) {
            try {
                Visit.install(debian, BuiltPackages.all());
                checkUsersAndFolders(debian);
                checkSharedLibraries(debian);
                startAll(debian, services);
                Visit.attack(debian, "first-secret");
                Files.writeString(
                        debian.path("/etc/decnet/decnet.conf"), "collect.poll = 1s\n", StandardOpenOption.APPEND);

                upgrade(debian, services);
                assertThat(Visit.credentials(debian)).contains("first-secret");
                Visit.attack(debian, "second-secret");
                checkFallback(debian, services);

                for (Service service : List.copyOf(services.values()).reversed()) {
                    service.stop();
                }
                remove(debian);
            } catch (AssertionError e) {
                services.values()
                        .forEach(service -> e.addSuppressed(
                                new AssertionError("---- " + service.name() + "\n" + service.logged())));
                throw e;
            } finally {
                services.values().forEach(Service::close);
            }
        }
    }

    private static void checkUsersAndFolders(DebianRoot debian) throws IOException {
        for (String user : List.of("decnet", "decnet-capture", "decnet-decoy")) {
            assertThat(debian.run("getent", "passwd", user).succeeded().text()).endsWith("/usr/sbin/nologin\n");
        }
        assertThat(debian.run("stat", "-c", "%U:%G %a", "/var/lib/decnet/journal/decoys")
                        .text())
                .isEqualTo("decnet-decoy:decnet 2750\n");
        assertThat(debian.run("stat", "-c", "%U:%G %a", "/etc/decnet/decnet.conf", "/etc/decnet/database.env")
                        .text())
                .isEqualTo("root:decnet-run 640\nroot:decnet 640\n");
        // what systemd-tmpfiles does at boot
        for (String line : Files.readAllLines(debian.path("/usr/lib/tmpfiles.d/decnet.conf"))) {
            String[] words = line.split(" ");
            debian.run("install", "-d", "-m", words[2], "-o", words[3], "-g", words[4], words[1])
                    .succeeded();
        }
    }

    private static void checkSharedLibraries(DebianRoot debian) throws IOException {
        Path first = debian.path("/usr/lib/decnet/bus/lib/server/libjvm.so");
        for (String image : List.of("netd", "decoy", "capture", "herd", "heavy")) {
            assertThat(Files.isSameFile(debian.path("/usr/lib/decnet/" + image + "/lib/server/libjvm.so"), first))
                    .as("libjvm.so of %s", image)
                    .isTrue();
        }
        assertThat(debian.run("dpkg", "--verify").text()).isEmpty();
    }

    private static void startAll(DebianRoot debian, Map<String, Service> services)
            throws IOException, InterruptedException {
        for (String name : SERVICES) {
            Service service = new Service(debian, name);
            services.put(name, service);
            service.start();
        }
        Visit.awaitHealthy(debian);
    }

    /** With everything running; dpkg itself restarts nothing here, as no systemd runs. */
    private static void upgrade(DebianRoot debian, Map<String, Service> services)
            throws IOException, InterruptedException {
        Visit.install(debian, BuiltPackages.higher());
        assertThat(debian.run("dpkg-query", "--show", "--showformat=${Version}\n", "decnet-*")
                        .text()
                        .lines()
                        .distinct())
                .containsExactly(BuiltPackages.HIGHER);
        assertThat(Files.readString(debian.path("/etc/decnet/decnet.conf"))).endsWith("collect.poll = 1s\n");
        checkSharedLibraries(debian, "/etc/decnet/decnet.conf");
        for (Service service : List.copyOf(services.values()).reversed()) {
            service.stop();
        }
        for (Service service : services.values()) {
            service.start();
        }
        Visit.awaitHealthy(debian);
    }

    private static void checkSharedLibraries(DebianRoot debian, String changed) throws IOException {
        assertThat(Files.isSameFile(
                        debian.path("/usr/lib/decnet/herd/lib/server/libjvm.so"),
                        debian.path("/usr/lib/decnet/bus/lib/server/libjvm.so")))
                .isTrue();
        assertThat(debian.run("dpkg", "--verify").text().lines())
                .as("files that differ from their package")
                .singleElement()
                .asString()
                .endsWith(" c " + changed);
    }

    /** A worker in a unit of its own instead of its group. */
    private static void checkFallback(DebianRoot debian, Map<String, Service> services)
            throws IOException, InterruptedException {
        assertThat(Files.readString(debian.path("/lib/systemd/system/decnet-ingest.service")))
                .contains("Conflicts=decnet-herd.service\n");
        Service group = Objects.requireNonNull(services.get("decnet-herd.service"));
        group.stop();
        Service alone = new Service(debian, "decnet-ingest.service");
        services.put(alone.name(), alone);
        alone.start();
        Visit.attack(debian, "third-secret");
    }

    private static void remove(DebianRoot debian) throws IOException {
        List<String> names =
                Packages.TIERS.reversed().stream().map(Packages.Tier::name).toList();
        dpkg(debian, "--remove", names);
        assertThat(debian.path("/usr/lib/decnet")).doesNotExist();
        assertThat(debian.path("/etc/decnet/decnet.conf")).exists();
        assertThat(debian.path("/var/lib/decnet/postgres/data/PG_VERSION")).exists();

        dpkg(debian, "--purge", names);
        assertThat(debian.path("/etc/decnet")).doesNotExist();
        assertThat(debian.path("/run/decnet")).doesNotExist();
        assertThat(debian.path("/var/lib/decnet/postgres/data/PG_VERSION")).exists();
        debian.run("getent", "passwd", "decnet").succeeded();

        Visit.install(
                debian,
                BuiltPackages.all().stream()
                        .filter(file -> file.getFileName().toString().startsWith("decnet-common_"))
                        .toList());
        debian.run("sh", "-c", "echo decnet-common decnet-common/purge-data boolean true | debconf-set-selections")
                .succeeded();
        dpkg(debian, "--purge", List.of("decnet-common"));
        assertThat(debian.path("/var/lib/decnet")).doesNotExist();
        for (String user : List.of("decnet", "decnet-capture", "decnet-decoy")) {
            assertThat(debian.run("getent", "passwd", user).code()).as(user).isNotZero();
        }
        assertThat(debian.run("getent", "group", "decnet-run").code()).isNotZero();
        assertThat(debian.run("sh", "-c", "find / -xdev -nouser -o -xdev -nogroup")
                        .text())
                .as("files of nobody")
                .isEmpty();
        assertThat(debian.run("sh", "-c", "find / -xdev -name '*decnet*' -not -path '/root/*'")
                        .text())
                .as("left behind")
                .isEmpty();
    }

    private static void dpkg(DebianRoot debian, String action, List<String> names) {
        List<String> command = new ArrayList<>(List.of("dpkg", action));
        command.addAll(names);
        debian.run(command.toArray(String[]::new)).succeeded();
    }

    @Test
    void everyUnitIsUnderstoodBySystemdAndTight() throws IOException {
        Tool.needs(false, "systemd-analyze", "dpkg-deb");
        Path root = Files.createTempDirectory("du");
        try {
            for (Path file : BuiltPackages.all()) {
                Tool.run(PATIENCE, "dpkg-deb", "--extract", file.toString(), root.toString())
                        .succeeded();
            }
            Path folder = root.resolve("lib/systemd/system");
            List<Path> units =
                    list(folder).stream().filter(Files::isRegularFile).toList(); // not the folders of drop-ins
            assertThat(units).hasSizeGreaterThan(9);
            for (Path known : list(Path.of("/lib/systemd/system"))) {
                String name = known.getFileName().toString();
                if (name.matches(".*\\.(target|slice|mount|socket)") && Files.isRegularFile(known)) {
                    Files.copy(known, folder.resolve(name));
                }
            }
            List<String> verify = new ArrayList<>(
                    List.of("systemd-analyze", "--root=" + root, "--man=no", "--recursive-errors=yes", "verify"));
            units.forEach(unit -> verify.add(unit.toString()));
            assertThat(Tool.run(PATIENCE, verify).text())
                    .as("systemd-analyze verify")
                    .isEmpty();

            for (Path unit : units) {
                String name = unit.getFileName().toString();
                if (name.endsWith(".service")) {
                    // in tenths
                    String most = name.startsWith("decnet-netd")
                            ? "55" // it has rights: that is what it is for
                            : name.matches("decnet-(capture|collect).*") ? "35" : "25";
                    Tool.run(
                                    PATIENCE,
                                    "systemd-analyze",
                                    "security",
                                    "--offline=true",
                                    "--threshold=" + most,
                                    unit.toString())
                            .succeeded();
                }
            }
        } finally {
            Tool.run(PATIENCE, "rm", "-rf", root.toString());
        }
    }

    private static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }

    @Test
    void lintianFindsNothingThatIsNotReviewed() {
        Tool.needs(false, "lintian");
        List<String> command = new ArrayList<>(List.of("lintian", "--allow-root", "--fail-on", "error,warning"));
        BuiltPackages.all().forEach(file -> command.add(file.toString()));
        Tool.Outcome outcome = Tool.run(Duration.ofMinutes(5), command).succeeded();
        assertThat(outcome.text()).doesNotContain("E: ", "W: ");
    }

    @Test
    void aPackageHoldsNothingAnybodyMayChange() {
        Tool.needs(false, "dpkg-deb");
        for (Path file : BuiltPackages.all()) {
            assertThat(Tool.run(PATIENCE, "dpkg-deb", "--contents", file.toString())
                            .succeeded()
                            .text()
                            .lines())
                    .as("%s", file)
                    .allMatch(line -> line.matches("[-dl]rw[x-]r-[x-][r-]-[x-] root/root .*|lrwxrwxrwx root/root .*"));
        }
    }
}
