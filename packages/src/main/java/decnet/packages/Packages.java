package decnet.packages;

import decnet.core.Catalogue;
import decnet.runtime.HostFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What every package holds. */
final class Packages {
    /** One package per tier, in order of need. */
    static final List<Tier> TIERS = List.of(
            new Tier(
                    "decnet-common",
                    "bus",
                    "deception network: common files and bus",
                    List.of(
                            "DECNET puts fake machines with believable services on a network. Nobody has",
                            "a reason to talk to them, so whoever does is an attacker or a mistake.",
                            ".",
                            "This package holds the command decnet, the users, folders and configuration",
                            "of all parts, and the message bus between them."),
                    "adduser, debconf (>= 0.5) | debconf-2.0, libc6 (>= 2.27)",
                    ""),
            new Tier(
                    "decnet-netd",
                    "netd",
                    "deception network: networks of the fake machines",
                    List.of(
                            "Gives fake machines a network of their own on an interface of this host: their",
                            "address, hardware address and the look of their packets. Nothing they send",
                            "unasked gets out. With it the process that attackers talk to has no network."),
                    "decnet-decoy (= ${version}), iproute2, iptables, libc6 (>= 2.27)",
                    ""),
            new Tier(
                    "decnet-decoy",
                    "decoy",
                    "deception network: fake machines and services",
                    List.of(
                            "The process that attackers talk to: all services of all fake machines of this",
                            "host. It has a user of its own and cannot reach the database."),
                    "decnet-common (= ${version}), libc6 (>= 2.27)",
                    ""),
            new Tier(
                    "decnet-capture",
                    "capture",
                    "deception network: collection of events",
                    List.of(
                            "Collects what the fake machines have seen, with the time of its arrival and",
                            "the name of the sensor. It has a user of its own and cannot reach the database."),
                    "decnet-common (= ${version}), libc6 (>= 2.27)",
                    ""),
            new Tier(
                    "decnet-herd",
                    "herd",
                    "deception network: database writers and reports",
                    List.of(
                            "Brings collected events into PostgreSQL, keeps its schema up to date, and shows",
                            "attackers, sessions and credentials."),
                    "decnet-common (= ${version}), libc6 (>= 2.27)",
                    "decnet-postgresql (= ${version})"),
            new Tier(
                    "decnet-heavy",
                    "heavy",
                    "deception network: analysis of attackers",
                    List.of(
                            "Profiles attackers and names the techniques they use, in a process each, as",
                            "both keep much in memory and need real computing time."),
                    "decnet-common (= ${version}), libc6 (>= 2.27)",
                    "decnet-herd (= ${version})"),
            new Tier(
                    "decnet-postgresql",
                    "postgres",
                    "deception network: database server",
                    List.of(
                            "A PostgreSQL of its own for DECNET, small, reachable through a socket of this",
                            "host only. Not needed where db.url names another server."),
                    "decnet-herd (= ${version}), libc6 (>= 2.27), libgcc-s1 (>= 3.0), libstdc++6 (>= 5.2)",
                    ""));

    /** What no process of ours uses: keys are made by us, and the jar lets other JVMs look into the image. */
    private static final Set<String> FOR_TOOLS = Set.of("bin/keytool", "lib/jrt-fs.jar");

    /** Of PostgreSQL the server, conversions of character sets, its own language and pg_trgm: no client, nothing to build with. */
    private static final Pattern FOR_THE_SERVER = Pattern.compile("VERSION|(bin|lib|share)(/postgresql)?|bin/.*"
            + "|lib/lib(icu|xml2|ssl|crypto|z\\.|lzma|pq\\.so\\.).*"
            + "|lib/postgresql/(plpgsql|pg_trgm|dict_snowball|libpqwalreceiver|euc2004_sjis2004|.*_and_.*)\\.so"
            + "|share/postgresql/(?!extension/).*|share/postgresql/extension/(plpgsql|pg_trgm).*");

    private static final String MAINTAINER = "DECNET maintainers <maintainers@decnet.invalid>";

    private final Path images;
    private final Texts texts;
    private final List<Units.Unit> units;
    private final List<HostFolder> folders;

    /**
     * @param depends field of the control file
     * @param recommends field of the control file, or empty
     */
    record Tier(
            String name, String image, String summary, List<String> description, String depends, String recommends) {}

    /** @param images the folder of the finished images */
    Packages(Path images, PackageVersion version, Catalogue catalogue) {
        this.images = images;
        Units made = new Units(catalogue);
        this.units = made.all();
        this.folders = made.folders();
        this.texts = new Texts(version);
    }

    DebianPackage make(Tier tier) throws IOException {
        List<Entry> entries = new ArrayList<>(image(tier));
        List<String> conffiles = new ArrayList<>();
        List<Units.Unit> own =
                units.stream().filter(unit -> unit.image().equals(tier.image())).toList();
        own.forEach(unit -> entries.add(Entry.Made.text(
                "/lib/systemd/system/" + unit.name(), unit.file().text())));
        if (tier.image().equals("netd")) {
            entries.add(Entry.Made.text(
                    "/lib/systemd/system/decnet-decoys.service.d/netd.conf",
                    Units.walledDecoys().text()));
        }
        entries.addAll(texts.documents(tier.name()));
        Map<String, String> control = new LinkedHashMap<>(new MaintainerScripts(own, folders).of(tier.name()));
        if (tier.name().equals("decnet-common")) {
            entries.add(new Entry.Made("/usr/bin/decnet", Texts.bytes("decnet.sh"), 0755));
            entries.add(new Entry.Made(Units.IMAGES + "/share-libraries", Texts.bytes("share-libraries.sh"), 0755));
            entries.add(new Entry.Copy(Units.IMAGES + "/commands", images.resolve(".stamp/commands"), 0644));
            entries.add(
                    Entry.Made.text("/usr/lib/tmpfiles.d/decnet.conf", MaintainerScripts.temporaryFolders(folders)));
            entries.add(Texts.manual());
            for (String conffile : List.of("decnet.conf", "database.env")) {
                entries.add(new Entry.Made("/etc/decnet/" + conffile, Texts.bytes(conffile), 0640));
                conffiles.add("/etc/decnet/" + conffile);
            }
        }
        return new DebianPackage(tier.name(), fields(tier), entries, conffiles, control);
    }

    private Map<String, String> fields(Tier tier) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("Section", "net");
        fields.put("Priority", "optional");
        fields.put("Maintainer", MAINTAINER);
        fields.put("Depends", tier.depends());
        if (!tier.recommends().isEmpty()) {
            fields.put("Recommends", tier.recommends());
        }
        fields.put("Description", tier.summary() + "\n " + String.join("\n ", tier.description()));
        return fields;
    }

    /** The image but what only builds need; its licences go where Debian looks for them. */
    private List<Entry> image(Tier tier) throws IOException {
        Path folder = images.resolve(tier.image());
        List<Entry> entries = new ArrayList<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted().toList()) {
                String inside = folder.relativize(file).toString();
                if (inside.isEmpty() || forBuilds(tier.image(), inside)) {
                    continue;
                }
                String path = inside.startsWith("legal")
                        ? "/usr/share/doc/" + tier.name() + "/" + inside
                        : Units.IMAGES + "/" + tier.image() + "/" + inside;
                entries.add(Entry.copy(path, file));
            }
        }
        return entries;
    }

    private static boolean forBuilds(String image, String inside) {
        return image.equals("postgres") ? !FOR_THE_SERVER.matcher(inside).matches() : FOR_TOOLS.contains(inside);
    }
}
