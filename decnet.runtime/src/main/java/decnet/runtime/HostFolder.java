package decnet.runtime;

import java.util.ArrayList;
import java.util.List;

/**
 * A folder of an installation: owned by who writes it, closed to who need not read it. {@code up} and the packages make them.
 *
 * @param place {@code state} or {@code run}: below which of the two it lies
 * @param path below it, empty for itself
 * @param owner account of a plan
 * @param group account, or {@link Accounts#RUN_GROUP_NAME}, whose members may enter beside the owner
 * @param mode permission bits with set-group-id and sticky
 */
public record HostFolder(String place, String path, String owner, String group, int mode) {
    private static final List<HostFolder> FIXED = List.of(
            new HostFolder("state", "", "decnet", "decnet", 0755),
            new HostFolder("run", "", "decnet", Accounts.RUN_GROUP_NAME, 03770),
            new HostFolder("state", "log", "decnet", "decnet", 0750),
            new HostFolder("state", "profiles", "decnet", Accounts.RUN_GROUP_NAME, 03770),
            new HostFolder("state", "ledger", "decnet", "decnet", 0755),
            new HostFolder("state", "journal", "decnet", "decnet", 0755),
            new HostFolder("state", "journal/decoys", "decnet-decoy", "decnet", 02750),
            new HostFolder("state", "journal/decoys/readers", "decnet-decoy", "decnet", 02770),
            new HostFolder("state", "journal/netd", Accounts.ROOT, "decnet", 02750),
            new HostFolder("state", "journal/netd/readers", Accounts.ROOT, "decnet", 02770),
            new HostFolder("state", "journal/collect", "decnet-capture", "decnet", 02750),
            new HostFolder("state", "journal/collect/readers", "decnet-capture", "decnet", 02770),
            new HostFolder("state", "journal/import", "decnet", "decnet", 02750),
            new HostFolder("state", "journal/import/readers", "decnet", "decnet", 02770),
            new HostFolder("state", "journal/mutate", "decnet", "decnet", 02750),
            new HostFolder("state", "journal/mutate/readers", "decnet", "decnet", 02770),
            new HostFolder("state", "journal/reconciler", "decnet", "decnet", 02750),
            new HostFolder("state", "journal/reconciler/readers", "decnet", "decnet", 02770),
            new HostFolder("state", "care", "decnet", "decnet", 0750),
            new HostFolder("state", "blobs-relay", "decnet", "decnet", 02750),
            new HostFolder("state", "relay", "decnet", "decnet", 0750),
            new HostFolder("state", "swarm", "decnet", "decnet", 0750),
            new HostFolder("state", "swarm/own", "decnet", "decnet", 0750),
            new HostFolder("state", "blobs", "decnet-decoy", "decnet", 02750),
            new HostFolder("state", "blobs/tmp", "decnet-decoy", "decnet", 02750),
            new HostFolder("state", "disks", "decnet-decoy", "decnet", 02750),
            new HostFolder("state", "fleet", "decnet", "decnet-decoy", 02750),
            new HostFolder("state", "fleet/personas", "decnet", "decnet-decoy", 02750));

    /** All of an installation that runs as {@code plan} says, outer before inner. */
    public static List<HostFolder> of(Plan plan) {
        String collector = plan.processOf("collect").map(ProcessSpec::account).orElse("decnet-capture");
        List<HostFolder> all = new ArrayList<>();
        for (HostFolder folder : FIXED) {
            boolean its = folder.path().startsWith("journal/collect");
            all.add(new HostFolder(
                    folder.place(), folder.path(), its ? collector : folder.owner(), folder.group(), folder.mode()));
        }
        for (ProcessSpec process : plan.processes()) {
            for (String worker : process.workers()) {
                all.add(new HostFolder("state", "ledger/" + worker, process.account(), process.account(), 0755));
            }
        }
        return List.copyOf(all);
    }
}
