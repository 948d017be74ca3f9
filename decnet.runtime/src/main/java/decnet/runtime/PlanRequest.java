package decnet.runtime;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Which plan somebody wants: one of the three, and what is to differ from it.
 *
 * @param base {@code tiered}, {@code isolated} or {@code mono}
 * @param places workers that are to run elsewhere than the base puts them
 * @param allowUnion whether raw sockets may be opened in a process that reaches the database
 * @param role {@link #FULL} or {@link #SENSOR}
 * @param netd whether the privileged helper is part of it
 */
public record PlanRequest(String base, List<Place> places, boolean allowUnion, String role, boolean netd) {
    /** A host with everything. */
    public static final String FULL = "full";
    /** A host without a database, that sends what it records to a centre. */
    public static final String SENSOR = "sensor";

    /** The plans there are. */
    public static final List<String> BASES = List.of("tiered", "isolated", "mono");

    /**
     * Where a worker is to run.
     *
     * @param image empty: the image that holds the workers of that process
     */
    public record Place(String worker, String process, Optional<String> image) {
        private static final String NAME = "[a-z][a-z0-9]*(-[a-z0-9]+)*";

        /**
         * Reads {@code WORKER:PROCESS} or {@code WORKER:PROCESS@IMAGE}.
         *
         * @throws PlanException if {@code text} is anything else
         */
        public static Place parse(String text) {
            if (!text.matches(NAME + ":" + NAME + "(@" + NAME + ")?")) {
                throw new PlanException(List.of("host.place: expected WORKER:PROCESS or WORKER:PROCESS@IMAGE, found "
                        + decnet.core.Snippet.of(text)));
            }
            String[] parts = text.split("[:@]");
            return new Place(parts[0], parts[1], parts.length > 2 ? Optional.of(parts[2]) : Optional.empty());
        }
    }

    public PlanRequest {
        places = List.copyOf(places);
    }

    /** One of the three as it is. */
    public static PlanRequest of(String base) {
        return new PlanRequest(base, List.of(), false, FULL, false);
    }

    /**
     * As the settings say.
     *
     * @param base instead of {@code host.plan}, if somebody named one
     * @param netd whether the privileged helper can work here
     * @throws PlanException if a place cannot be read
     */
    public static PlanRequest from(HostConfig config, Optional<String> base, boolean netd) {
        List<Place> places = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        for (String text : config.places()) {
            try {
                places.add(Place.parse(text));
            } catch (PlanException e) {
                problems.addAll(e.problems());
            }
        }
        if (!problems.isEmpty()) {
            throw new PlanException(problems);
        }
        return new PlanRequest(base.orElse(config.plan()), places, config.allowUnion(), config.role(), netd);
    }
}
