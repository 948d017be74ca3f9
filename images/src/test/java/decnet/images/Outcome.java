package decnet.images;

import com.fasterxml.jackson.databind.JsonNode;
import decnet.core.Json;
import java.util.List;

/**
 * How a command ended.
 *
 * @param code its exit code
 * @param out what it printed on standard output
 * @param err what it printed on standard error
 */
record Outcome(List<String> command, int code, String out, String err) {
    Outcome {
        command = List.copyOf(command);
    }

    /** Standard output as JSON, an object or an array. @throws AssertionError if the command failed or printed something else */
    JsonNode json() {
        succeeded();
        try {
            return Json.parseObject("{\"it\":" + out + "}").path("it");
        } catch (IllegalArgumentException e) {
            throw new AssertionError("no JSON: " + e.getMessage() + "\n" + this, e);
        }
    }

    /** @throws AssertionError if the exit code is not 0 */
    Outcome succeeded() {
        if (code != 0) {
            throw new AssertionError(this.toString());
        }
        return this;
    }

    /** Both outputs, for a message that may come on either. */
    String text() {
        return out + err;
    }

    @Override
    public String toString() {
        return String.join(" ", command) + "\nexit code " + code + "\n" + out + "\n" + err;
    }
}
