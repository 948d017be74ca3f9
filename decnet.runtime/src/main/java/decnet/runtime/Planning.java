package decnet.runtime;

import decnet.core.Catalogue;
import decnet.runtime.PlanRequest.Place;
import decnet.runtime.Seat.Rights;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Turns a wish into a plan, or into the reasons against it. One use, one thread. */
final class Planning {
    private final PlanRequest request;
    private final Catalogue catalogue;
    private final List<String> problems = new ArrayList<>();

    Planning(PlanRequest request, Catalogue catalogue) {
        this.request = request;
        this.catalogue = catalogue;
    }

    Plan plan() {
        if (!PlanRequest.BASES.contains(request.base())) {
            problems.add("plan: expected one of " + String.join(", ", PlanRequest.BASES));
            throw new PlanException(problems);
        }
        Map<String, List<Seat>> processes = new LinkedHashMap<>();
        List<String> empty = new ArrayList<>();
        for (Seat seat : Seat.ALL) {
            if (seat.worker().equals(Seat.NETD) && !request.netd()) {
                continue;
            }
            if (catalogue.imageOfWorker(seat.worker()).isEmpty()) {
                empty.add(seat.worker());
            } else if (database() || !usesDatabase(seat.worker())) {
                processes.computeIfAbsent(process(seat), _ -> new ArrayList<>()).add(seat);
            }
        }
        checkPlaces(empty);
        List<ProcessSpec> specs = new ArrayList<>();
        processes.forEach((name, seats) -> {
            checkUnion(name, seats);
            image(name, seats).ifPresent(image -> specs.add(spec(name, image, seats)));
        });
        if (!problems.isEmpty()) {
            throw new PlanException(problems);
        }
        return new Plan(request.base() + (request.places().isEmpty() ? "" : "+"), specs, empty, database());
    }

    private String process(Seat seat) {
        return place(seat.worker())
                .map(Place::process)
                .orElse(
                        switch (request.base()) {
                            case "isolated" -> seat.worker();
                            case "mono" -> seat.rights() == Rights.ALONE ? seat.worker() : "mono";
                            default -> seat.group();
                        });
    }

    private Optional<Place> place(String worker) {
        return request.places().stream()
                .filter(place -> place.worker().equals(worker))
                .findFirst();
    }

    private void checkPlaces(List<String> empty) {
        Set<String> seen = new LinkedHashSet<>();
        for (Place place : request.places()) {
            String worker = place.worker();
            if (Seat.of(worker).isEmpty()) {
                problems.add("host.place: unknown worker " + worker + "; known: "
                        + String.join(
                                ", ",
                                Seat.ALL.stream()
                                        .map(Seat::worker)
                                        .filter(known -> !empty.contains(known))
                                        .toList()));
            } else if (empty.contains(worker)) {
                problems.add("host.place: this build has no worker " + worker + ", so it would run nowhere");
            } else if (!database() && usesDatabase(worker)) {
                problems.add("host.place: worker " + worker + " needs the database, and a sensor has none (host.role)");
            }
            if (!seen.add(worker)) {
                problems.add("host.place: worker " + worker + " has two places; a worker runs once");
            }
            if (place.process().equals("host") || place.process().equals("postgres")) {
                problems.add("host.place: " + place.process() + " is no process for workers");
            }
        }
    }

    private void checkUnion(String process, List<Seat> seats) {
        for (Seat seat : seats) {
            if (seat.rights() == Rights.ALONE && (seats.size() > 1 || !process.equals(seat.worker()))) {
                problems.add("process " + process + ": " + seat.worker() + " is always a process of its own, called "
                        + seat.worker());
            }
        }
        List<String> raw = seats.stream()
                .filter(seat -> seat.rights() == Rights.RAW_SOCKETS)
                .map(Seat::worker)
                .toList();
        List<String> database =
                seats.stream().map(Seat::worker).filter(this::usesDatabase).toList();
        if (!raw.isEmpty() && !database.isEmpty() && !request.allowUnion()) {
            problems.add("process " + process + ": " + String.join(", ", raw) + " with raw sockets beside "
                    + String.join(", ", database)
                    + " with the database: one that is taken over has both. Move them apart with host.place, or set"
                    + " host.allow-union = yes");
        }
    }

    private boolean database() {
        return !request.role().equals(PlanRequest.SENSOR);
    }

    private boolean usesDatabase(String worker) {
        return catalogue.databaseWorkers().contains(worker);
    }

    /** The image asked for if it will do, else the first that holds all and no database stack without need. */
    private Optional<String> image(String process, List<Seat> seats) {
        List<String> workers = seats.stream().map(Seat::worker).toList();
        Set<String> asked = new LinkedHashSet<>();
        workers.forEach(worker -> place(worker).flatMap(Place::image).ifPresent(asked::add));
        if (asked.size() > 1) {
            problems.add("process " + process + ": it cannot run from two images, " + String.join(" and ", asked));
            return Optional.empty();
        }
        Optional<String> named = asked.stream().findFirst();
        if (named.isPresent()) {
            return named.filter(name -> fits(process, name, workers));
        }
        boolean database = workers.stream().anyMatch(this::usesDatabase);
        Optional<String> found = catalogue.images().stream()
                .filter(image -> image.workers().containsAll(workers) && image.orm() == database)
                .map(Catalogue.Image::name)
                .findFirst()
                .or(() -> catalogue.images().stream()
                        .filter(image -> image.workers().containsAll(workers))
                        .map(Catalogue.Image::name)
                        .findFirst());
        if (found.isEmpty()) {
            problems.add("process " + process + ": no image holds " + String.join(", ", workers) + " together");
        }
        return found;
    }

    private boolean fits(String process, String name, List<String> workers) {
        Optional<Catalogue.Image> image = catalogue.image(name);
        if (image.isEmpty()) {
            problems.add("process " + process + ": unknown image " + name + "; known: "
                    + String.join(
                            ", ",
                            catalogue.images().stream()
                                    .map(Catalogue.Image::name)
                                    .toList()));
            return false;
        }
        boolean fits = true;
        for (String worker : workers) {
            if (usesDatabase(worker) && !image.get().orm()) {
                problems.add("process " + process + ": worker " + worker + " needs the database, the image " + name
                        + " is without it");
                fits = false;
            } else if (!image.get().workers().contains(worker)) {
                problems.add("process " + process + ": the image " + name + " does not hold worker " + worker);
                fits = false;
            }
        }
        return fits;
    }

    private ProcessSpec spec(String name, String image, List<Seat> seats) {
        List<String> workers = seats.stream().map(Seat::worker).toList();
        boolean strangers = seats.stream()
                .anyMatch(seat -> seat.rights() == Rights.RAW_SOCKETS
                        || seat.rights() == Rights.STRANGERS_BYTES
                        || seat.worker().equals("decoys"));
        return new ProcessSpec(name, image, workers, account(seats), heapMib(image), strangers);
    }

    private String account(List<Seat> seats) {
        if (seats.stream().anyMatch(seat -> seat.worker().equals("decoys"))) {
            return "decnet-decoy";
        }
        if (seats.stream().anyMatch(seat -> seat.worker().equals(Seat.NETD))) {
            return Accounts.ROOT;
        }
        boolean capture = seats.stream().anyMatch(seat -> seat.group().equals("capture"));
        boolean database = seats.stream().map(Seat::worker).anyMatch(this::usesDatabase);
        return capture && !database ? "decnet-capture" : "decnet";
    }

    private static int heapMib(String image) {
        return switch (image) {
            case "bus" -> 24;
            case "decoy" -> 160;
            case "netd" -> 40;
            case "capture" -> 40;
            case "mono" -> 96;
            default -> 56;
        };
    }
}
