package decnet.runtime;

import java.util.ArrayList;
import java.util.List;

/**
 * A process of a plan.
 *
 * @param account user it drops to when started by root: {@code decnet}, {@code decnet-decoy} or {@code decnet-capture}
 * @param heapMib most heap, MiB
 * @param relocated whether its class archive is moved to a random address (decision record 3)
 */
public record ProcessSpec(
        String name, String image, List<String> workers, String account, int heapMib, boolean relocated) {
    /** What a process may need beside its heap: code, classes, stacks, buffers; MiB. */
    private static final int BESIDE_HEAP = 72;

    public ProcessSpec {
        workers = List.copyOf(workers);
    }

    /** Options on top of those stored in the image. */
    public List<String> jvm() {
        List<String> options = new ArrayList<>(List.of("-Xmx" + heapMib + "m"));
        if (workers.equals(List.of("bus"))) {
            // the quick compiler joins small methods only; the broker's way of a message is many small ones. The rest
            // of it
            // stays interpreted, or the joined code would cost three megabytes
            options.addAll(
                    List.of("-XX:C1MaxInlineSize=150", "-XX:C1MaxInlineLevel=15", "-XX:CompileThresholdScaling=20"));
        }
        if (!relocated) {
            options.add("-XX:+UnlockDiagnosticVMOptions");
            options.add("-XX:ArchiveRelocationMode=0");
        }
        return List.copyOf(options);
    }

    /** More than this it never needs, MiB: a limit for whoever can set one. */
    public int memoryMaxMib() {
        return heapMib + BESIDE_HEAP;
    }

    /** The same under another name, with other workers. */
    ProcessSpec with(String otherName, List<String> otherWorkers) {
        return new ProcessSpec(otherName, image, otherWorkers, account, heapMib, relocated);
    }

    /** Groups by name that its account needs beside its own: the one of the run folder first. */
    public List<String> groups() {
        List<String> groups = new ArrayList<>(List.of(Accounts.RUN_GROUP_NAME));
        groups.addAll(Accounts.readable(account));
        return List.copyOf(groups);
    }

    /** What {@code decnet} is started with so that it becomes this process. */
    public List<String> arguments() {
        return List.of("process", name, String.join(",", workers));
    }
}
