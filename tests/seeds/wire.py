"""The small network library that every SDK of a seeded app brings along, under its own names."""

from __future__ import annotations

WIRE = r"""package {package};

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

public final class {name} {{
    public static final String SALT = "{salt}";
    private static final byte[] KEY = utf("{key}");
    private static java.net.http.HttpClient client;

    private {name}() {{}}

    public static byte[] utf(String text) {{ return text.getBytes(StandardCharsets.UTF_8); }}

    public static String b64(byte[] data) {{ return {base64}; }}

    public static String b64url(byte[] data) {{ return java.util.Base64.getUrlEncoder().withoutPadding().encodeToString(data); }}

    public static String hex(byte[] data) {{
        StringBuilder text = new StringBuilder();
        for (byte one : data) {{ text.append(Character.forDigit((one >> 4) & 15, 16)).append(Character.forDigit(one & 15, 16)); }}
        return text.toString();
    }}

    public static byte[] digest(String algorithm, String salt, String text) throws Exception {{
        MessageDigest digest = MessageDigest.getInstance(algorithm);
        {digest}
    }}

    public static byte[] hmac(String text) throws Exception {{
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(KEY, "HmacSHA256"));
        return mac.doFinal(utf(text));
    }}

    public static byte[] aes(String how, byte[] data) throws Exception {{
        Cipher cipher = Cipher.getInstance(how);
        SecretKeySpec key = new SecretKeySpec(KEY, "AES");
        if (how.contains("CBC")) {{ cipher.init(Cipher.ENCRYPT_MODE, key, new IvParameterSpec(KEY)); }} else {{ cipher.init(Cipher.ENCRYPT_MODE, key); }}
        return cipher.doFinal(data);
    }}

    public static byte[] gzip(byte[] data) throws Exception {{
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (OutputStream zip = new java.util.zip.GZIPOutputStream(out)) {{ zip.write(data); }}
        return out.toByteArray();
    }}

    public static byte[] zlib(byte[] data) throws Exception {{ return squeeze(data, false); }}

    public static byte[] deflate(byte[] data) throws Exception {{ return squeeze(data, true); }}

    private static byte[] squeeze(byte[] data, boolean raw) throws Exception {{
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        java.util.zip.Deflater how = new java.util.zip.Deflater(6, raw);
        try (OutputStream zip = new java.util.zip.DeflaterOutputStream(out, how)) {{ zip.write(data); }}
        return out.toByteArray();
    }}

    public static String url(String text) throws Exception {{ return java.net.URLEncoder.encode(text, "UTF-8"); }}

    public static String form(Map<String, String> fields) throws Exception {{
        StringBuilder text = new StringBuilder();
        for (Map.Entry<String, String> field : fields.entrySet()) {{
            text.append(text.length() > 0 ? "&" : "").append(url(field.getKey())).append('=').append(url(field.getValue()));
        }}
        return text.toString();
    }}

    public static String json(Map<String, String> fields, boolean nested) throws Exception {{
        org.json.JSONObject inner = new org.json.JSONObject();
        for (Map.Entry<String, String> field : fields.entrySet()) {{ inner.put(field.getKey(), field.getValue()); }}
        return nested ? new org.json.JSONObject().put("v", 3).put("payload", inner.toString()).toString()
            : new org.json.JSONObject().put("device", inner).put("n", 1).toString();
    }}

    public static byte[] multipart(Map<String, String> fields, String boundary) throws Exception {{
        StringBuilder text = new StringBuilder();
        for (Map.Entry<String, String> field : fields.entrySet()) {{
            text.append("--").append(boundary).append("\r\nContent-Disposition: form-data; name=\"").append(field.getKey()).append("\"\r\n\r\n")
                .append(field.getValue()).append("\r\n");
        }}
        return utf(text.append("--").append(boundary).append("--\r\n").toString());
    }}

    public static byte[] proto(Map<String, String> fields) throws Exception {{
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(8);
        varint(out, 150);
        int number = 2;
        for (String value : fields.values()) {{
            byte[] data = utf(value);
            varint(out, number++ << 3 | 2);
            varint(out, data.length);
            out.write(data);
        }}
        return out.toByteArray();
    }}

    private static void varint(ByteArrayOutputStream out, int value) {{
        while (value > 127) {{
            out.write(value & 127 | 128);
            value >>>= 7;
        }}
        out.write(value);
    }}

    public static boolean old(String method, String address, Map<String, String> headers, byte[] body) {{
        try {{
            HttpURLConnection connection = (HttpURLConnection) new URL(address).openConnection();
            connection.setConnectTimeout(8000);
            connection.setReadTimeout(8000);
            connection.setRequestMethod(method);
            for (Map.Entry<String, String> header : headers.entrySet()) {{ connection.setRequestProperty(header.getKey(), header.getValue()); }}
            if (body != null) {{
                connection.setDoOutput(true);
                {streaming}
                try (OutputStream out = connection.getOutputStream()) {{ out.write(body); }}
            }}
            int status = connection.getResponseCode();
            try (InputStream in = status < 400 ? connection.getInputStream() : connection.getErrorStream()) {{
                if (in != null) {{ in.readAllBytes(); }}
            }}
            return status < 500;
        }} catch (java.io.IOException problem) {{
            return false;
        }}
    }}

    private static synchronized java.net.http.HttpClient client() {{
        if (client == null) {{
            client = java.net.http.HttpClient.newBuilder().connectTimeout(java.time.Duration.ofSeconds(8))
                .proxy(java.net.ProxySelector.getDefault()).build();
        }}
        return client;
    }}

    public static boolean fresh(String method, String address, Map<String, String> headers, byte[] body) {{
        try {{
            java.net.http.HttpRequest.Builder request = java.net.http.HttpRequest.newBuilder(URI.create(address))
                .timeout(java.time.Duration.ofSeconds(8));
            headers.forEach(request::setHeader);
            request.method(method, body == null ? java.net.http.HttpRequest.BodyPublishers.noBody()
                : java.net.http.HttpRequest.BodyPublishers.ofByteArray(body));
            return client().send(request.build(), java.net.http.HttpResponse.BodyHandlers.ofByteArray()).statusCode() < 500;
        }} catch (java.io.IOException | InterruptedException problem) {{
            return false;
        }}
    }}

    public static boolean async(String method, String address, Map<String, String> headers, byte[] body) {{
        try {{
            java.net.http.HttpRequest.Builder request = java.net.http.HttpRequest.newBuilder(URI.create(address));
            headers.forEach(request::setHeader);
            request.method(method, body == null ? java.net.http.HttpRequest.BodyPublishers.noBody()
                : java.net.http.HttpRequest.BodyPublishers.ofByteArray(body));
            return client().sendAsync(request.build(), java.net.http.HttpResponse.BodyHandlers.ofString())
                .thenApply(answer -> answer.statusCode() < 500).get(8, TimeUnit.SECONDS);
        }} catch (Exception problem) {{
            return false;
        }}
    }}

    {pinned}public static boolean talk(String address, String text) {{
        try {{
            java.util.concurrent.CountDownLatch answered = new java.util.concurrent.CountDownLatch(1);
            java.net.http.WebSocket socket = client().newWebSocketBuilder().buildAsync(URI.create(address), new java.net.http.WebSocket.Listener() {{
                @Override
                public java.util.concurrent.CompletionStage<?> onText(java.net.http.WebSocket from, CharSequence data, boolean last) {{
                    answered.countDown();
                    from.request(1);
                    return null;
                }}
            }}).get(8, TimeUnit.SECONDS);
            socket.sendText(text, true).get(8, TimeUnit.SECONDS);
            answered.await(3, TimeUnit.SECONDS);
            socket.sendClose(java.net.http.WebSocket.NORMAL_CLOSURE, "").get(8, TimeUnit.SECONDS);
            return true;
        }} catch (Exception problem) {{
            return false;
        }}
    }}
}}
"""

PINNED = """public static boolean pinned(String address, byte[] body) {
        try {
            javax.net.ssl.SSLContext context = javax.net.ssl.SSLContext.getInstance("TLS");
            context.init(null, new javax.net.ssl.TrustManager[] {new Pin()}, null);
            javax.net.ssl.HttpsURLConnection connection = (javax.net.ssl.HttpsURLConnection) new URL(address).openConnection();
            connection.setSSLSocketFactory(context.getSocketFactory());
            connection.setDoOutput(true);
            connection.getOutputStream().write(body);
            return connection.getResponseCode() < 500;
        } catch (Exception problem) {
            return false;
        }
    }

    private static final class Pin implements javax.net.ssl.X509TrustManager {
        @Override
        public void checkClientTrusted(java.security.cert.X509Certificate[] chain, String kind) {}

        @Override
        public void checkServerTrusted(java.security.cert.X509Certificate[] chain, String kind) throws java.security.cert.CertificateException {
            throw new java.security.cert.CertificateException("not the pinned one");
        }

        @Override
        public java.security.cert.X509Certificate[] getAcceptedIssuers() { return new java.security.cert.X509Certificate[0]; }
    }

    """

DIGESTS = (
    "digest.update(utf(salt)); digest.update(utf(text)); return digest.digest();",
    "return digest.digest(utf(salt + text));",
    "digest.update(utf(salt + text)); return digest.digest();",
    "for (byte one : utf(salt + text)) { digest.update(one); } return digest.digest();",
)
BASE64 = (
    "android.util.Base64.encodeToString(data, android.util.Base64.NO_WRAP)",
    "java.util.Base64.getEncoder().encodeToString(data)",
    "new String(java.util.Base64.getEncoder().encode(data), StandardCharsets.US_ASCII)",
)
STREAMING = ("", "connection.setFixedLengthStreamingMode(body.length);", "connection.setChunkedStreamingMode(0);")
