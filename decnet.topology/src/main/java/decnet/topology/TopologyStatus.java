package decnet.topology;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** Where a topology stands between drawing and taking down. No status is a dead end. */
public enum TopologyStatus {
    /** Drawn, never deployed. Next: deploying, torn-down. */
    PENDING,
    /** Written into the desired state; its machines are not all there yet. Next: active, degraded, failed, tearing-down. */
    DEPLOYING,
    /** All of it is there. Next: degraded, deploying (it was changed), tearing-down. */
    ACTIVE,
    /** Some of it is not there. Next: active (it has healed), deploying, failed, tearing-down. */
    DEGRADED,
    /** It could not be deployed. Next: deploying (another try), tearing-down. */
    FAILED,
    /** Taken out of the desired state; something of it may still be there. Next: torn-down, failed, degraded. */
    TEARING_DOWN,
    /** Nothing of it is there. Next: deploying. */
    TORN_DOWN;

    public static TopologyStatus parse(String slug) {
        for (TopologyStatus status : values()) {
            if (status.slug().equals(slug)) {
                return status;
            }
        }
        throw new IllegalArgumentException("no status of a topology: " + decnet.core.Snippet.of(slug));
    }

    /** As people and files write it: {@code torn-down}. */
    public String slug() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** What may follow. */
    public Set<TopologyStatus> next() {
        return switch (this) {
            case PENDING -> EnumSet.of(DEPLOYING, TORN_DOWN);
            case DEPLOYING -> EnumSet.of(ACTIVE, DEGRADED, FAILED, TEARING_DOWN);
            case ACTIVE -> EnumSet.of(DEGRADED, DEPLOYING, TEARING_DOWN);
            case DEGRADED -> EnumSet.of(ACTIVE, DEPLOYING, FAILED, TEARING_DOWN);
            case FAILED -> EnumSet.of(DEPLOYING, TEARING_DOWN);
            case TEARING_DOWN -> EnumSet.of(TORN_DOWN, FAILED, DEGRADED);
            case TORN_DOWN -> EnumSet.of(DEPLOYING);
        };
    }

    public boolean mayBecome(TopologyStatus other) {
        return next().contains(other);
    }

    /** Whether its addresses and names are, or may be, in use. */
    public boolean present() {
        return this != PENDING && this != TORN_DOWN;
    }
}
