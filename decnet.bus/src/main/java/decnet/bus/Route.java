package decnet.bus;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Where the messages of one subject go, with everything prepared that does not depend on the message. Valid for one generation
 * of subscriptions. Confined to the broker's event loop.
 */
final class Route {
    /** What precedes the part of the frame that all receivers get alike: {@code HMSG subject sid } in ASCII. */
    static final class Leg {
        final Interest interest;
        final byte[] prefix;

        Leg(Interest interest, String subject) {
            this.interest = interest;
            this.prefix = WireAscii.bytes("HMSG " + subject + " " + interest.sid + " ");
        }
    }

    /** Members of one queue group: one of them gets each message. */
    static final class QueueGroup {
        final Leg[] legs;
        private int next;

        QueueGroup(Leg[] legs) {
            this.legs = legs;
        }

        /** The member whose turn it is, counted from {@code attempt}. */
        Leg turn(int attempt) {
            return legs[(next + attempt) % legs.length];
        }

        void advance(int by) {
            next = (next + by) % legs.length;
        }
    }

    final String subject;
    final long generation;
    final Leg[] legs;
    final QueueGroup[] groups;
    private final byte[] subjectBytes;

    Route(String subject, long generation, List<Interest> interests) {
        this.subject = subject;
        this.subjectBytes = WireAscii.bytes(subject);
        this.generation = generation;
        Map<String, List<Interest>> queues = new LinkedHashMap<>();
        this.legs = interests.stream()
                .filter(interest -> {
                    String queue = interest.queue;
                    if (queue != null) {
                        queues.computeIfAbsent(queue, name -> new java.util.ArrayList<>())
                                .add(interest);
                    }
                    return queue == null;
                })
                .map(interest -> new Leg(interest, subject))
                .toArray(Leg[]::new);
        this.groups = queues.values().stream()
                .map(members -> new QueueGroup(members.stream()
                        .map(interest -> new Leg(interest, subject))
                        .toArray(Leg[]::new)))
                .toArray(QueueGroup[]::new);
    }

    boolean is(byte[] bytes, int from, int to) {
        return Arrays.equals(subjectBytes, 0, subjectBytes.length, bytes, from, to);
    }

    boolean leadsNowhere() {
        return legs.length == 0 && groups.length == 0;
    }
}
