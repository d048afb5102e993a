package android.webkit;

import android.content.Context;
import android.os.Build;

public abstract class WebSettings {
    public WebSettings() {}

    public abstract void setUserAgentString(String ua);

    public abstract String getUserAgentString();

    public abstract void setJavaScriptEnabled(boolean flag);

    public static String getDefaultUserAgent(Context context) {
        return "Mozilla/5.0 (Linux; Android " + Build.VERSION.RELEASE + "; " + Build.MODEL + " Build/" + Build.ID
            + "; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/88.0.4324.181 Mobile Safari/537.36";
    }
}
