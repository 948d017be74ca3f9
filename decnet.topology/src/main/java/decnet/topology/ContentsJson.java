package decnet.topology;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import decnet.core.Secret;
import decnet.topology.Contents.Database;
import decnet.topology.Contents.Mailbox;
import decnet.topology.Contents.Message;
import decnet.topology.Contents.Share;
import decnet.topology.Contents.SharedFile;
import decnet.topology.Contents.Table;
import java.util.ArrayList;
import java.util.List;

/** The stored form of what is to be found on a machine: members of its persona's object. Stateless. */
final class ContentsJson {
    private ContentsJson() {}

    static void write(Contents contents, ObjectNode json) {
        ArrayNode bait = json.putArray("bait");
        for (Bait file : contents.bait()) {
            ObjectNode one = bait.addObject()
                    .put("path", file.path())
                    .put("owner", file.owner())
                    .put("mode", file.mode())
                    .put("modified", file.modified().toString())
                    .put("text", file.text());
            ArrayNode credentials = one.putArray("credentials");
            file.credentials().forEach(pair -> credentials
                    .addObject()
                    .put("principal", pair.principal())
                    .put("secret", pair.secret().text()));
        }
        ArrayNode mailboxes = json.putArray("mailboxes");
        for (Mailbox box : contents.mailboxes()) {
            ArrayNode messages = mailboxes
                    .addObject()
                    .put("owner", box.owner())
                    .put("address", box.address())
                    .putArray("messages");
            box.messages().forEach(mail -> messages.addObject()
                    .put("at", mail.at().toString())
                    .put("from", mail.from())
                    .put("to", mail.to())
                    .put("subject", mail.subject())
                    .put("id", mail.id())
                    .put("text", mail.text()));
        }
        ArrayNode shares = json.putArray("shares");
        for (Share share : contents.shares()) {
            ArrayNode files = shares.addObject()
                    .put("name", share.name())
                    .put("comment", share.comment())
                    .put("path", share.path())
                    .putArray("files");
            share.files().forEach(file -> files.addObject()
                    .put("name", file.name())
                    .put("modified", file.modified().toString())
                    .put("text", file.text()));
        }
        ArrayNode databases = json.putArray("databases");
        for (Database database : contents.databases()) {
            ArrayNode tables = databases
                    .addObject()
                    .put("name", database.name())
                    .put("user", database.user())
                    .put("password", database.password().text())
                    .putArray("tables");
            for (Table table : database.tables()) {
                ObjectNode one = tables.addObject().put("name", table.name());
                table.columns().forEach(one.putArray("columns")::add);
                ArrayNode rows = one.putArray("rows");
                table.rows().forEach(row -> row.forEach(rows.addArray()::add));
            }
        }
    }

    static Contents read(JsonNode json) {
        List<Bait> bait = new ArrayList<>();
        for (JsonNode one : json.path("bait")) {
            List<BaitCredential> credentials = new ArrayList<>();
            one.path("credentials")
                    .forEach(pair -> credentials.add(
                            new BaitCredential(text(pair, "principal"), new Secret(text(pair, "secret")))));
            bait.add(new Bait(
                    text(one, "path"),
                    text(one, "owner"),
                    one.path("mode").asInt(),
                    PersonaJson.time(one, "modified"),
                    text(one, "text"),
                    credentials));
        }
        List<Mailbox> mailboxes = new ArrayList<>();
        for (JsonNode one : json.path("mailboxes")) {
            List<Message> messages = new ArrayList<>();
            one.path("messages")
                    .forEach(mail -> messages.add(new Message(
                            PersonaJson.time(mail, "at"),
                            text(mail, "from"),
                            text(mail, "to"),
                            text(mail, "subject"),
                            text(mail, "id"),
                            text(mail, "text"))));
            mailboxes.add(new Mailbox(text(one, "owner"), text(one, "address"), messages));
        }
        List<Share> shares = new ArrayList<>();
        for (JsonNode one : json.path("shares")) {
            List<SharedFile> files = new ArrayList<>();
            one.path("files")
                    .forEach(file -> files.add(new SharedFile(
                            text(file, "name"), PersonaJson.time(file, "modified"), text(file, "text"))));
            shares.add(new Share(text(one, "name"), text(one, "comment"), text(one, "path"), files));
        }
        List<Database> databases = new ArrayList<>();
        for (JsonNode one : json.path("databases")) {
            List<Table> tables = new ArrayList<>();
            one.path("tables")
                    .forEach(table -> tables.add(
                            new Table(text(table, "name"), texts(table.path("columns")), rows(table.path("rows")))));
            databases.add(
                    new Database(text(one, "name"), text(one, "user"), new Secret(text(one, "password")), tables));
        }
        return new Contents(mailboxes, shares, databases, bait);
    }

    private static List<List<String>> rows(JsonNode array) {
        List<List<String>> rows = new ArrayList<>();
        array.forEach(row -> rows.add(texts(row)));
        return rows;
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(one -> texts.add(one.asText()));
        return texts;
    }

    private static String text(JsonNode json, String name) {
        return PersonaJson.text(json, name);
    }
}
