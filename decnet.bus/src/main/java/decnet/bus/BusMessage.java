package decnet.bus;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Optional;

/**
 * A message as a subscriber gets it.
 *
 * @param replyTo where an answer is awaited, if the sender asked
 * @param type short discriminator, may be empty
 * @param id of the message, given by its publisher; empty if a stranger published without one
 * @param at when it was published; empty likewise
 */
public record BusMessage(
        Topic topic,
        Optional<Topic> replyTo,
        String type,
        Optional<String> id,
        Optional<Instant> at,
        ObjectNode payload) {}
