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

    /** The same with one of its workers, called after it. */
    ProcessSpec withOnly(String worker) {
        return new ProcessSpec(worker, image, List.of(worker), account, jvm);
    }
}
