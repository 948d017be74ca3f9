package decnet.runtime;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * As whom the processes run. Started by root they drop to the users the packages make; where those are missing, to unprivileged
 * system users. Started by anybody else everything runs as the caller.
 *
 * @param root whether this process may change users
 * @param byName account of a plan to user and group id
 * @param missing accounts that had to be replaced
 * @param runGroup id of the group that lets every process of ours into the run folder, and nowhere else
 */
record Accounts(boolean root, Map<String, Ids> byName, List<String> missing, int runGroup) {
    /** The group of the run folder, where the packages have made it. */
    static final String RUN_GROUP_NAME = "decnet-run";
    /** The group of the run folder elsewhere: a number that no system hands out. */
    private static final int BARE_RUN_GROUP = 61_240;

    /** Who the privileged helper runs as, with the few capabilities it needs. */
    static final String ROOT = "root";

    private static final String CAPABILITIES = "+net_admin,+net_raw,+net_bind_service,+sys_admin";

    private static final Map<String, String> SUBSTITUTES =
            Map.of("decnet", "daemon", "decnet-capture", "games", "decnet-decoy", "nobody");

    record Ids(String user, int uid, int gid) {}

    static Accounts resolve() throws IOException {
        boolean root = System.getProperty("user.name").equals("root");
        Map<String, Ids> known = new LinkedHashMap<>();
        for (String line : Files.readAllLines(Path.of("/etc/passwd"))) {
            String[] parts = line.split(":");
            if (parts.length > 3) {
                known.put(parts[0], new Ids(parts[0], Integer.parseInt(parts[2]), Integer.parseInt(parts[3])));
            }
        }
        Map<String, Ids> byName = new LinkedHashMap<>();
        List<String> missing = new ArrayList<>();
        for (Map.Entry<String, String> substitute : SUBSTITUTES.entrySet()) {
            Ids ids = known.get(substitute.getKey());
            if (ids == null) {
                missing.add(substitute.getKey());
                ids = known.get(substitute.getValue());
            }
            if (ids != null) {
                byName.put(substitute.getKey(), ids);
            }
        }
        byName.put(ROOT, new Ids(ROOT, 0, 0));
        return new Accounts(root, byName, missing.stream().sorted().toList(), runGroup(Path.of("/etc/group")));
    }

    private static int runGroup(Path groups) throws IOException {
        for (String line : Files.readAllLines(groups)) {
            String[] parts = line.split(":");
            if (parts.length > 2 && parts[0].equals(RUN_GROUP_NAME)) {
                return Integer.parseInt(parts[2]);
            }
        }
        return BARE_RUN_GROUP;
    }

    /** Everything as the caller, root or not. */
    Accounts unchanged() {
        return new Accounts(false, byName, missing, runGroup);
    }

    Optional<Ids> ids(String account) {
        return root ? Optional.ofNullable(byName.get(account)) : Optional.empty();
    }

    /** What to put before a command line so that it runs as {@code account}, without any capability that it does not need. */
    List<String> prefix(String account) {
        return ids(account)
                .map(ids -> List.of(
                        "setpriv",
                        "--reuid=" + ids.uid(),
                        "--regid=" + ids.gid(),
                        "--groups=" + groups(account),
                        "--no-new-privs",
                        "--inh-caps=-all",
                        "--bounding-set=-all" + (account.equals(ROOT) ? "," + CAPABILITIES : "")))
                .orElse(List.of());
    }

    private String groups(String account) {
        StringBuilder groups = new StringBuilder().append(runGroup);
        for (String other : readable(account)) {
            ids(other).ifPresent(ids -> groups.append(',').append(ids.gid()));
        }
        return groups.toString();
    }

    /** Accounts whose files an account reads: capture and the helper what the decoys write, and which machines there are. */
    static List<String> readable(String account) {
        return account.equals("decnet-capture") || account.equals(ROOT) ? List.of("decnet", "decnet-decoy") : List.of();
    }

    /** Settings that tell bus and database who is who, as far as the built-in names do not. */
    Map<String, String> environment() {
        Map<String, String> variables = new LinkedHashMap<>();
        ids("decnet-capture").ifPresent(ids -> variables.put("DECNET_BUS_TRUSTED_USERS", Integer.toString(ids.uid())));
        ids("decnet-decoy").ifPresent(ids -> variables.put("DECNET_BUS_DECOY_USERS", Integer.toString(ids.uid())));
        return variables;
    }

    /** What an operator should know about it. */
    String describe() {
        if (!root) {
            return "running as " + System.getProperty("user.name")
                    + ": decoys, database and analysis share this user, so one that is taken over can read the others";
        }
        return missing.isEmpty()
                ? ""
                : "users " + String.join(", ", missing) + " do not exist (the packages make them); using "
                        + String.join(
                                ", ",
                                missing.stream()
                                        .map(SUBSTITUTES::get)
                                        .distinct()
                                        .toList())
                        + " instead";
    }
}
