package decnet.decoys;

import decnet.decoys.http.HttpService;
import decnet.decoys.redis.RedisService;
import java.util.List;

/** The services this module speaks, one for each entry of the catalogue. */
public final class DecoyServices {
    private DecoyServices() {}

    public static List<DecoyService> all() {
        return List.of(new HttpService(), new RedisService());
    }
}
