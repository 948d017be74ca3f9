package decnet.decoys;

import java.util.Optional;

/**
 * What a TLS handshake has agreed on.
 *
 * @param version as {@code TLSv1.3}
 * @param cipher as in the registry of IANA
 * @param serverName what the client asked for (RFC 6066 section 3), if it did
 * @param protocol what was chosen by ALPN (RFC 7301), if anything
 */
public record TlsInfo(String version, String cipher, Optional<String> serverName, Optional<String> protocol) {}
