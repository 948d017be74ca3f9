package decnet.operator.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import decnet.core.Json;
import decnet.core.Places;
import decnet.core.TextTable;
import decnet.db.Database;
import decnet.db.DatabaseCare;
import decnet.db.EventDay;
import decnet.journal.BlobStore;
import java.util.List;
import java.util.Locale;

/** How much room everything takes. */
record CareReport(
        long databaseBytes, List<DatabaseCare.TableSize> tables, List<EventDay> days, long blobCount, long blobBytes) {
    /** Blobs that rows refer to. @param missing those that are not in the store any more, as they expired or made room */
    record Blobs(long known, long missing) {
        @Override
        public String toString() {
            return known + " references to blobs, of which " + missing
                    + " are not in the store (expired, or gone to make room)";
        }
    }

    static CareReport sizes(Database database, Places places) {
        List<Long> blobs = places.blobStores().stream()
                .flatMap(folder -> BlobStore.list(folder).stream())
                .map(file -> file.toFile().length()) // 0 if it is gone meanwhile
                .toList();
        return new CareReport(
                database.days().databaseBytes(),
                database.care().sizes(),
                database.days().list(),
                blobs.size(),
                blobs.stream().mapToLong(Long::longValue).sum());
    }

    static Blobs blobs(Database database, Places places) {
        long[] counts = new long[2];
        database.care().blobReferences(sha256 -> {
            counts[0]++;
            if (!sha256.matches("[0-9a-f]{64}")
                    || BlobStore.find(places.blobStores(), sha256).isEmpty()) {
                counts[1]++;
            }
        });
        return new Blobs(counts[0], counts[1]);
    }

    ObjectNode toJson() {
        ObjectNode json = Json.object().put("bytes", databaseBytes);
        ArrayNode all = json.putArray("tables");
        tables.forEach(table -> all.add(table.toJson()));
        ArrayNode list = json.putArray("days");
        for (EventDay day : days) {
            list.addObject()
                    .put("class", kind(day))
                    .put("day", day.day().toString())
                    .put("events", day.events())
                    .put("bytes", day.bytes())
                    .put("indexed", day.indexed());
        }
        json.putObject("blobs").put("count", blobCount).put("bytes", blobBytes);
        return json;
    }

    private static String kind(EventDay day) {
        return day.kind().name().toLowerCase(Locale.ROOT);
    }

    private static String size(long bytes) {
        return String.format(Locale.ROOT, "%.1f MB", bytes / 1e6);
    }

    String table(boolean withDays) {
        TextTable table = new TextTable("TABLE", "PARTS", "ROWS", "SIZE", "INDEXES");
        tables.forEach(
                one -> table.row(one.name(), one.parts(), one.rows(), size(one.bytes()), size(one.indexBytes())));
        StringBuilder text = new StringBuilder(table.toString());
        if (withDays) {
            TextTable list = new TextTable("DAY", "CLASS", "EVENTS", "SIZE");
            days.forEach(day -> list.row(day.day(), kind(day), day.events(), size(day.bytes())));
            text.append('\n').append(list);
        }
        return text.append("database: ")
                .append(size(databaseBytes))
                .append("; blobs: ")
                .append(blobCount)
                .append(", ")
                .append(size(blobBytes))
                .append('\n')
                .toString();
    }
}
