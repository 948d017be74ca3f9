package decnet.decoys.redis;

import decnet.decoys.redis.Value.Scored;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Places on the globe, kept as sorted sets whose scores are 52 interleaved bits of both coordinates. Stateless. */
final class GeoCommands {
    private static final double MAX_LATITUDE = 85.05112878;
    private static final double EARTH_RADIUS = 6372797.560856;
    private static final String ALPHABET = "0123456789bcdefghjkmnpqrstuvwxyz";

    private record Place(String member, double score, double longitude, double latitude, double meters) {}

    private GeoCommands() {}

    static void addTo(Map<String, Handler> handlers) {
        handlers.put("geoadd", GeoCommands::add);
        handlers.put("geopos", call -> {
            Scored set = call.valueOr(call.arg(1), Scored.class, Scored::new);
            call.reply().array(call.count() - 2);
            for (String member : call.from(2)) {
                set.score(member).ifPresentOrElse(score -> position(call, score), call.reply()::nilArray);
            }
        });
        handlers.put("geohash", call -> {
            Scored set = call.valueOr(call.arg(1), Scored.class, Scored::new);
            call.reply().array(call.count() - 2);
            for (String member : call.from(2)) {
                set.score(member).ifPresentOrElse(score -> call.reply().bulk(text(score)), call.reply()::nil);
            }
        });
        handlers.put("geodist", call -> {
            if (call.count() > 5) {
                throw RedisError.syntax();
            }
            double unit = call.count() == 5 ? unit(call, 4) : 1;
            Optional<Scored> set = call.value(call.arg(1), Scored.class);
            Optional<Double> one = set.flatMap(places -> places.score(call.arg(2)));
            Optional<Double> other = set.flatMap(places -> places.score(call.arg(3)));
            if (one.isEmpty() || other.isEmpty()) {
                call.reply().nil();
                return;
            }
            double meters =
                    distance(longitude(one.get()), latitude(one.get()), longitude(other.get()), latitude(other.get()));
            call.reply().bulk(String.format(Locale.ROOT, "%.4f", meters / unit));
        });
        handlers.put("geosearch", call -> search(call, 1, false));
        handlers.put("geosearchstore", call -> search(call, 2, true));
        handlers.put("georadius", GeoCommands::radius);
        handlers.put("georadius_ro", GeoCommands::radius);
        handlers.put("georadiusbymember", GeoCommands::radius);
        handlers.put("georadiusbymember_ro", GeoCommands::radius);
    }

    private static double[] coordinates(Call call, int index) {
        double longitude = call.real(index);
        double latitude = call.real(index + 1);
        if (Math.abs(longitude) > 180 || Math.abs(latitude) > MAX_LATITUDE) {
            throw new RedisError(
                    String.format(Locale.ROOT, "ERR invalid longitude,latitude pair %.6f,%.6f", longitude, latitude));
        }
        return new double[] {longitude, latitude};
    }

    private static void add(Call call) {
        int at = 2;
        List<String> options = new ArrayList<>();
        while (at < call.count() && List.of("nx", "xx", "ch").contains(call.option(at))) {
            options.add(call.option(at++));
        }
        if ((call.count() - at) % 3 != 0 || options.contains("nx") && options.contains("xx")) {
            throw RedisError.syntax();
        }
        List<Double> scores = new ArrayList<>();
        for (int i = at; i < call.count(); i += 3) {
            double[] place = coordinates(call, i);
            scores.add(encode(place[0], place[1]));
        }
        Scored set = call.valueOr(call.arg(1), Scored.class, Scored::new);
        int added = 0;
        int updated = 0;
        for (int i = 0; i < scores.size(); i++) {
            String member = call.arg(at + 3 * i + 2);
            Optional<Double> old = set.score(member);
            if (options.contains(old.isPresent() ? "nx" : "xx")) {
                continue;
            }
            set.put(member, scores.get(i));
            added += old.isEmpty() ? 1 : 0;
            updated += old.isPresent() && !old.get().equals(scores.get(i)) ? 1 : 0;
        }
        if (set.count() > 0) {
            call.put(call.arg(1), set);
        }
        call.reply().number(options.contains("ch") ? added + updated : added);
    }

    private static double encode(double longitude, double latitude) {
        long x = (long) ((longitude + 180) / 360 * (1L << 26));
        long y = (long) ((latitude + MAX_LATITUDE) / (2 * MAX_LATITUDE) * (1L << 26));
        return interleave(x, y);
    }

    private static long interleave(long x, long y) {
        long bits = 0;
        for (int i = 25; i >= 0; i--) {
            bits = bits << 2 | (x >> i & 1) << 1 | y >> i & 1;
        }
        return bits;
    }

    private static long every(double score, int shift) {
        long bits = (long) score;
        long value = 0;
        for (int i = 25; i >= 0; i--) {
            value = value << 1 | bits >> (2 * i + shift) & 1;
        }
        return value;
    }

    private static double longitude(double score) {
        double least = -180 + every(score, 1) / (double) (1L << 26) * 360;
        double most = -180 + (every(score, 1) + 1) / (double) (1L << 26) * 360;
        return Math.max(-180, Math.min(180, (least + most) / 2));
    }

    private static double latitude(double score) {
        double least = -MAX_LATITUDE + every(score, 0) / (double) (1L << 26) * 2 * MAX_LATITUDE;
        double most = -MAX_LATITUDE + (every(score, 0) + 1) / (double) (1L << 26) * 2 * MAX_LATITUDE;
        return Math.max(-MAX_LATITUDE, Math.min(MAX_LATITUDE, (least + most) / 2));
    }

    private static String text(double score) {
        double longitude = longitude(score);
        double latitude = latitude(score);
        long bits =
                interleave((long) ((longitude + 180) / 360 * (1L << 26)), (long) ((latitude + 90) / 180 * (1L << 26)));
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 11; i++) {
            text.append(i == 10 ? '0' : ALPHABET.charAt((int) (bits >> 52 - (i + 1) * 5 & 31)));
        }
        return text.toString();
    }

    private static void position(Call call, double score) {
        call.reply().array(2);
        if (call.reply().three()) {
            call.reply()
                    .raw("," + Numbers.places(longitude(score)) + "\r\n")
                    .raw("," + Numbers.places(latitude(score)) + "\r\n");
        } else {
            call.reply().bulk(Numbers.places(longitude(score))).bulk(Numbers.places(latitude(score)));
        }
    }

    private static double distance(double longitude, double latitude, double otherLongitude, double otherLatitude) {
        double lat1 = Math.toRadians(latitude);
        double lat2 = Math.toRadians(otherLatitude);
        double u = Math.sin((lat2 - lat1) / 2);
        double v = Math.sin((Math.toRadians(otherLongitude) - Math.toRadians(longitude)) / 2);
        return 2.0 * EARTH_RADIUS * Math.asin(Math.sqrt(u * u + Math.cos(lat1) * Math.cos(lat2) * v * v));
    }

    private static double unit(Call call, int index) {
        return switch (call.option(index)) {
            case "m" -> 1;
            case "km" -> 1000;
            case "ft" -> 0.3048;
            case "mi" -> 1609.34;
            default -> throw new RedisError("ERR unsupported unit provided. please use M, KM, FT, MI");
        };
    }

    /** What to look for, and how to tell it. */
    private static final class Query {
        double[] centre = {};
        double radius = -1;
        double width;
        double height;
        double unit = 1;
        boolean box;
        boolean distances;
        boolean hashes;
        boolean coordinates;
        boolean storeDistances;
        boolean any;
        long count;
        int order;
        String store = "";

        boolean contains(Place place) {
            if (!box) {
                return place.meters() <= radius * unit;
            }
            double along = distance(place.longitude(), place.latitude(), centre[0], place.latitude());
            double across = distance(place.longitude(), place.latitude(), place.longitude(), centre[1]);
            return along <= width * unit / 2 && across <= height * unit / 2;
        }
    }

    private static double[] member(Call call, int key, int index) {
        Optional<Scored> set = call.value(call.arg(key), Scored.class);
        if (set.isEmpty()) {
            return new double[] {};
        }
        double score = set.get()
                .score(call.arg(index))
                .orElseThrow(() -> new RedisError("ERR could not decode requested zset member"));
        return new double[] {longitude(score), latitude(score)};
    }

    private static double length(Call call, int index, String what) {
        double length = call.real(index, "ERR need numeric " + what);
        if (length < 0) {
            throw new RedisError("ERR " + what + " cannot be negative");
        }
        return length;
    }

    private static boolean common(Call call, Query query, int i, int left) {
        switch (call.option(i)) {
            case "withdist" -> query.distances = true;
            case "withhash" -> query.hashes = true;
            case "withcoord" -> query.coordinates = true;
            case "any" -> query.any = true;
            case "asc" -> query.order = 1;
            case "desc" -> query.order = -1;
            case "count" -> {
                if (left < 1) {
                    return false;
                }
                query.count = call.integer(i + 1);
                if (query.count <= 0) {
                    throw new RedisError("ERR COUNT must be > 0");
                }
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private static void radius(Call call) {
        boolean member = call.name().contains("member");
        boolean readOnly = call.name().endsWith("_ro");
        Query query = new Query();
        call.value(call.arg(1), Scored.class);
        query.centre = member ? member(call, 1, 2) : coordinates(call, 2);
        int at = member ? 3 : 4;
        if (!member || call.has(call.arg(1))) {
            query.radius = length(call, at, "radius");
            query.unit = unit(call, at + 1);
        }
        for (int i = at + 2; i < call.count(); i++) {
            int left = call.count() - 1 - i;
            String option = call.option(i);
            if (!readOnly && (option.equals("store") || option.equals("storedist")) && left >= 1) {
                query.store = call.arg(++i);
                query.storeDistances = option.equals("storedist");
            } else if (common(call, query, i, left)) {
                i += option.equals("count") ? 1 : 0;
            } else {
                throw RedisError.syntax();
            }
        }
        if (!query.store.isEmpty() && (query.distances || query.hashes || query.coordinates)) {
            throw new RedisError(
                    "ERR STORE option in GEORADIUS is not compatible with WITHDIST, WITHHASH and WITHCOORD options");
        }
        answer(call, 1, query);
    }

    private static void search(Call call, int key, boolean store) {
        Query query = new Query();
        boolean from = false;
        boolean by = false;
        call.value(call.arg(key), Scored.class);
        for (int i = key + 1; i < call.count(); i++) {
            int left = call.count() - 1 - i;
            String option = call.option(i);
            if (option.equals("frommember") && left >= 1 && !from) {
                query.centre = member(call, key, ++i);
                from = true;
            } else if (option.equals("fromlonlat") && left >= 2 && !from) {
                query.centre = coordinates(call, i + 1);
                from = true;
                i += 2;
            } else if (option.equals("byradius") && left >= 2 && !by) {
                query.radius = length(call, i + 1, "radius");
                query.unit = unit(call, i + 2);
                by = true;
                i += 2;
            } else if (option.equals("bybox") && left >= 3 && !by) {
                query.width = call.real(i + 1, "ERR need numeric width");
                query.height = call.real(i + 2, "ERR need numeric height");
                if (query.width < 0 || query.height < 0) {
                    throw new RedisError("ERR height or width cannot be negative");
                }
                query.unit = unit(call, i + 3);
                query.box = true;
                by = true;
                i += 3;
            } else if (store && option.equals("storedist")) {
                query.storeDistances = true;
            } else if (common(call, query, i, left)) {
                i += option.equals("count") ? 1 : 0;
            } else {
                throw RedisError.syntax();
            }
        }
        if (!from) {
            throw new RedisError("ERR exactly one of FROMMEMBER or FROMLONLAT can be specified for " + call.name());
        }
        if (!by) {
            throw new RedisError("ERR exactly one of BYRADIUS and BYBOX can be specified for " + call.name());
        }
        if (query.any && query.count == 0) {
            throw new RedisError("ERR the ANY argument requires COUNT argument");
        }
        query.store = store ? call.arg(1) : "";
        answer(call, key, query);
    }

    private static void answer(Call call, int key, Query query) {
        List<Place> found = new ArrayList<>();
        if (query.centre.length == 2) {
            for (Scored.Entry entry :
                    call.valueOr(call.arg(key), Scored.class, Scored::new).entries()) {
                double longitude = longitude(entry.score());
                double latitude = latitude(entry.score());
                double meters = distance(query.centre[0], query.centre[1], longitude, latitude);
                Place place = new Place(entry.member(), entry.score(), longitude, latitude, meters);
                if (query.contains(place)) {
                    found.add(place);
                }
            }
        }
        int order = query.order == 0 && query.count > 0 && !query.any ? 1 : query.order;
        if (order != 0) {
            Comparator<Place> near = Comparator.comparingDouble(Place::meters);
            found.sort(order > 0 ? near : near.reversed());
        }
        List<Place> shown = query.count > 0 && query.count < found.size() ? found.subList(0, (int) query.count) : found;
        if (!query.store.isEmpty()) {
            List<Scored.Entry> entries = shown.stream()
                    .map(one -> new Scored.Entry(
                            one.member(), query.storeDistances ? one.meters() / query.unit : one.score()))
                    .toList();
            SortedSetJoins.store(call, query.store, entries);
            return;
        }
        int parts = 1 + (query.distances ? 1 : 0) + (query.hashes ? 1 : 0) + (query.coordinates ? 1 : 0);
        call.reply().array(shown.size());
        for (Place place : shown) {
            if (parts > 1) {
                call.reply().array(parts);
            }
            call.reply().bulk(place.member());
            if (query.distances) {
                call.reply().bulk(String.format(Locale.ROOT, "%.4f", place.meters() / query.unit));
            }
            if (query.hashes) {
                call.reply().number((long) place.score());
            }
            if (query.coordinates) {
                position(call, place.score());
            }
        }
    }
}
