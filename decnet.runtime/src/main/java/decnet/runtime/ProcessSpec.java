package decnet.runtime;

import java.util.List;

/**
 * A process of a plan.
 *
 * @param account user it drops to when started by root: {@code decnet}, {@code decnet-decoy} or {@code decnet-capture}
 * @param jvm options on top of those stored in the image
 */
public record ProcessSpec(String name, String image, List<String> workers, String account, List<String> jvm) {
    public ProcessSpec {
        workers = List.copyOf(workers);
        jvm = List.copyOf(jvm);
    }

    /** Groups by name that its account needs beside its own: the one of the run folder first. */
    public List<String> groups() {
        List<String> groups = new java.util.ArrayList<>(List.of(Accounts.RUN_GROUP_NAME));
        groups.addAll(Accounts.readable(account));
        return List.copyOf(groups);
    }

    /** What {@code decnet} is started with so that it becomes this process. */
    public List<String> arguments() {
        return List.of("process", name, String.join(",", workers));
    }
}
