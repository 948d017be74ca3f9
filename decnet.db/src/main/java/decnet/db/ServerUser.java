package decnet.db;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Whom the embedded server runs as. PostgreSQL refuses root, so root gives it the system user {@code decnet} if there is one, else a
 * number nobody else uses; anybody else runs it as himself.
 *
 * @param root whether the caller is root and the rights must be dropped
 * @param uid of the server
 * @param gid of the server
 * @param makerUid who runs initdb, which insists on an entry in the user database
 * @param makerGid his group
 */
record ServerUser(boolean root, int uid, int gid, int makerUid, int makerGid) {
    static final String SYSTEM_USER = "decnet";
    /** Not given out by Debian, Fedora or systemd. */
    private static final int OWN_NUMBER = 59_432;

    static ServerUser choose() {
        int caller = callerId("unix:uid");
        if (caller != 0) {
            int group = callerId("unix:gid");
            return new ServerUser(false, caller, group, caller, group);
        }
        Optional<Integer> known = id("-u", SYSTEM_USER);
        if (known.isPresent()) {
            int group = id("-g", SYSTEM_USER).orElse(known.get());
            return new ServerUser(true, known.get(), group, known.get(), group);
        }
        int nobody = id("-u", "nobody")
                .orElseThrow(() -> new StoreException("there is no user nobody, under whom root could run"
                        + " PostgreSQL's initdb; add a system user decnet"));
        return new ServerUser(
                true, OWN_NUMBER, OWN_NUMBER, nobody, id("-g", "nobody").orElse(nobody));
    }

    private static int callerId(String attribute) {
        try {
            return (Integer) Files.getAttribute(Path.of("/proc/self"), attribute);
        } catch (IOException e) {
            throw new StoreException("cannot read /proc/self; is /proc mounted?", e);
        }
    }

    private static Optional<Integer> id(String option, String user) {
        try {
            return Optional.of(
                    Integer.parseInt(Tool.run(List.of("id", option, user)).strip()));
        } catch (StoreException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** Whether root lends the server its number, as the packages that make its user are not installed. */
    boolean borrowed() {
        return root && uid == OWN_NUMBER;
    }

    /**
     * The first words of a command line that drops rights and dies with its parent; the list may be added to.
     *
     * @param run the folder of sockets, whose group the server joins if only that may enter it
     */
    List<String> command(Path run) throws IOException {
        List<String> words = new ArrayList<>(List.of("setpriv", "--no-new-privs", "--pdeathsig", "INT"));
        if (root) {
            words.addAll(List.of(
                    "--reuid=" + uid,
                    "--regid=" + gid,
                    groupMayEnter(run) ? "--groups=" + Files.getAttribute(run, "unix:gid") : "--clear-groups",
                    "--bounding-set=-all",
                    "--inh-caps=-all"));
        }
        words.add("--");
        return words;
    }

    List<String> makerCommand() {
        return root
                ? new ArrayList<>(List.of(
                        "setpriv",
                        "--reuid=" + makerUid,
                        "--regid=" + makerGid,
                        "--clear-groups",
                        "--no-new-privs",
                        "--"))
                : new ArrayList<>();
    }

    void own(Path path, String permissions) throws IOException {
        chown(path, uid, gid);
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
    }

    void ownAsMaker(Path folder) throws IOException {
        chown(folder, makerUid, makerGid);
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
    }

    void ownAll(Path folder) throws IOException {
        if (root && uid != makerUid) {
            try (Stream<Path> all = Files.walk(folder)) {
                for (Path path : all.toList()) {
                    chown(path, uid, gid);
                }
            }
        }
    }

    /** Makes a data folder of anybody, such as one that was copied, the server's own. */
    void takeOver(Path folder) throws IOException {
        if (root) {
            try (Stream<Path> all = Files.walk(folder)) {
                for (Path path : all.toList()) {
                    chown(path, uid, gid);
                }
            }
        }
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
    }

    private void chown(Path path, int owner, int group) throws IOException {
        if (root) {
            Files.setAttribute(path, "unix:uid", owner);
            Files.setAttribute(path, "unix:gid", group);
        }
    }

    private static boolean groupMayEnter(Path folder) throws IOException {
        return Files.getPosixFilePermissions(folder).contains(PosixFilePermission.GROUP_EXECUTE)
                && (Integer) Files.getAttribute(folder, "unix:gid") != 0;
    }

    /** Checks that the server can enter the folder of sockets, and opens it for passing through if nothing else helps. */
    void enter(Path run) throws IOException {
        if (!root || !groupMayEnter(run)) {
            openTheWayTo(run);
        }
    }

    /** Lets everybody pass through a folder of ours without listing it, and checks that nothing above bars the way. */
    void openTheWayTo(Path folder) throws IOException {
        if (!root) {
            return;
        }
        if ((Integer) Files.getAttribute(folder, "unix:uid") != uid) {
            Set<PosixFilePermission> permissions = new HashSet<>(Files.getPosixFilePermissions(folder));
            if (permissions.add(PosixFilePermission.OTHERS_EXECUTE)) {
                Files.setPosixFilePermissions(folder, permissions);
            }
        }
        if (!canReach(folder)) {
            throw new StoreException("PostgreSQL runs as user " + uid + ", which cannot enter " + folder
                    + ", as a folder above it is closed. Choose another one (--state, DECNET_RUN), for example below"
                    + " /var/lib, or open it: chmod o+x");
        }
    }

    boolean canReach(Path folder) throws IOException {
        if (!root) {
            return true;
        }
        for (Path at = folder.toRealPath(); at != null; at = at.getParent()) {
            if (!Files.getPosixFilePermissions(at).contains(PosixFilePermission.OTHERS_EXECUTE)
                    && (Integer) Files.getAttribute(at, "unix:uid") != uid) {
                return false;
            }
        }
        return true;
    }
}
