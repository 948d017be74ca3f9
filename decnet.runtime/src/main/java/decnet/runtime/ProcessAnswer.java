package decnet.runtime;

import com.fasterxml.jackson.databind.node.ObjectNode;
import decnet.core.Json;
import decnet.core.Places;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a process of an installation answers when it is asked how it is.
 *
 * @param status empty if it is dead, belongs to somebody else, or does not answer in time
 */
record ProcessAnswer(ProcessFile file, Optional<ObjectNode> status) {
    /** Most processes that are asked: an installation has far fewer, but anyone in the run group can write process files. */
    static final int MOST = 64;

    /**
     * Asks all of them, one after the other, by name.
     *
     * @param each how long one may take
     * @param inAll when that is over, the rest is not asked any more
     */
    static List<ProcessAnswer> all(Places places, Duration each, Duration inAll) {
        long end = System.nanoTime() + inAll.toNanos();
        List<ProcessAnswer> answers = new ArrayList<>();
        for (ProcessFile file : ProcessFile.all(places)) {
            if (answers.size() == MOST) {
                break;
            }
            Duration left = Duration.ofNanos(Math.max(0, end - System.nanoTime()));
            Duration patience = left.compareTo(each) < 0 ? left : each;
            answers.add(new ProcessAnswer(
                    file,
                    patience.isPositive() && file.alive()
                            ? ControlClient.ask(
                                    places.processSocket(file.process()),
                                    Json.object().put("op", "status"),
                                    patience)
                            : Optional.empty()));
        }
        return answers;
    }

    /** What the kernel says it costs; where it does not tell us, what the process itself says. Empty if it is dead. */
    Optional<Memory> memory() {
        return file.alive()
                ? Memory.of(file.pid()).or(() -> status.flatMap(json -> Memory.fromJson(json.path("memory"))))
                : Optional.empty();
    }
}
