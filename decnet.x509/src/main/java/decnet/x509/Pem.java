package decnet.x509;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Keys, certificates and revocation lists as text files (RFC 7468). Files of more than 1 MiB are refused. Stateless. */
public final class Pem {
    private static final long MAX_FILE_BYTES = 1 << 20;
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]{1,40})-----([A-Za-z0-9+/=\\s]*)-----END \\1-----");

    private Pem() {}

    /** @param label for example {@code CERTIFICATE} */
    public static String text(String label, byte[] content) {
        return "-----BEGIN " + label + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content) + "\n-----END " + label
                + "-----\n";
    }

    /** The contents of all blocks with that label. @throws IOException if there is none */
    private static List<byte[]> blocks(Path file, String label) throws IOException {
        if (Files.size(file) > MAX_FILE_BYTES) {
            throw new IOException(file + " is larger than " + MAX_FILE_BYTES + " bytes");
        }
        List<byte[]> found = new ArrayList<>();
        Matcher matcher = BLOCK.matcher(Files.readString(file, StandardCharsets.ISO_8859_1));
        while (matcher.find()) {
            if (matcher.group(1).equals(label)) {
                try {
                    found.add(Base64.getMimeDecoder().decode(matcher.group(2)));
                } catch (IllegalArgumentException e) {
                    throw new IOException(file + ": a damaged block " + label, e);
                }
            }
        }
        if (found.isEmpty()) {
            throw new IOException(file + ": no block " + label);
        }
        return found;
    }

    /** All certificates of a file, in order. @throws IOException if there is none, or one is damaged */
    public static List<X509Certificate> certificates(Path file) throws IOException {
        List<X509Certificate> certificates = new ArrayList<>();
        for (byte[] block : blocks(file, "CERTIFICATE")) {
            try {
                certificates.add((X509Certificate) CertificateFactory.getInstance("X.509")
                        .generateCertificate(new java.io.ByteArrayInputStream(block)));
            } catch (GeneralSecurityException e) {
                throw new IOException(file + ": a damaged certificate", e);
            }
        }
        return certificates;
    }

    /** A key in PKCS #8, of an elliptic curve or RSA. */
    public static PrivateKey privateKey(Path file) throws IOException {
        PKCS8EncodedKeySpec spec =
                new PKCS8EncodedKeySpec(blocks(file, "PRIVATE KEY").getFirst());
        try {
            return KeyFactory.getInstance("EC").generatePrivate(spec);
        } catch (InvalidKeySpecException notElliptic) {
            try {
                return KeyFactory.getInstance("RSA").generatePrivate(spec);
            } catch (GeneralSecurityException e) {
                e.addSuppressed(notElliptic);
                throw new IOException(file + ": neither an EC nor an RSA key", e);
            }
        } catch (GeneralSecurityException e) {
            throw new IOException(file + ": the key cannot be read", e);
        }
    }

    /** The revocation list of a file. @throws IOException if there is none, or it is damaged */
    public static X509CRL revocations(Path file) throws IOException {
        try {
            return (X509CRL) CertificateFactory.getInstance("X.509")
                    .generateCRL(new java.io.ByteArrayInputStream(
                            blocks(file, "X509 CRL").getFirst()));
        } catch (GeneralSecurityException e) {
            throw new IOException(file + ": a damaged revocation list", e);
        }
    }
}
