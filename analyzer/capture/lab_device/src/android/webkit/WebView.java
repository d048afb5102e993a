package android.webkit;

import android.content.Context;
import android.widget.FrameLayout;

public class WebView extends FrameLayout {
    private final WebSettings settings = new LabWebSettings();
    private String url;

    public WebView(Context context) {
        super(context);
    }

    @Override
    public CharSequence getAccessibilityClassName() {
        return "android.webkit.WebView";
    }

    public WebSettings getSettings() {
        return settings;
    }

    public void loadUrl(String url) {
        this.url = url;
        invalidate();
    }

    public void loadData(String data, String mimeType, String encoding) {
        this.url = "data:" + mimeType;
        invalidate();
    }

    public void loadDataWithBaseURL(String baseUrl, String data, String mimeType, String encoding, String historyUrl) {
        this.url = baseUrl;
        invalidate();
    }

    public void addJavascriptInterface(Object object, String name) {}

    public String getUrl() {
        return url;
    }

    private static final class LabWebSettings extends WebSettings {
        private String userAgent = getDefaultUserAgent(null);

        @Override
        public void setUserAgentString(String ua) {
            userAgent = ua;
        }

        @Override
        public String getUserAgentString() {
            return userAgent;
        }

        @Override
        public void setJavaScriptEnabled(boolean flag) {}
    }

    public void postUrl(String url, byte[] postData) {
        loadUrl(url);
    }

    public void evaluateJavascript(String script, ValueCallback resultCallback) {
        invalidate();
    }
}
