import assert from 'node:assert/strict';
import { createDecipheriv, createHash, X509Certificate } from 'node:crypto';
import { suite, test } from 'node:test';
import { createNoticeReader } from '#adapters/wechat/v3/notice-reader.ts';
import { layoutOf, openResource, type SealedResource } from '#adapters/wechat/v3/resource.ts';
import { signatureProblemOf } from '#adapters/wechat/v3/signed-message.ts';
import { authorizationOf, signAppPayment, signJsapiPayment } from '#adapters/wechat/v3/signing.ts';
import { isMchid } from '#core/values/ids.ts';
import { type Instant, instant } from '#core/values/time.ts';
import { accountOf, known, vectorOf } from './support.ts';

type RequestSignature = {
  mchid: string;
  serial_no: string;
  merchant_private_key_pem: string;
  cases: {
    id: string;
    method: 'GET' | 'POST';
    url_path: string;
    timestamp: string;
    nonce_str: string;
    body: string;
    signature_base64: string;
  }[];
};

type PaySign = {
  cases: [
    { appid: string; timeStamp: string; nonceStr: string; package: string; paySign: string },
    { appid: string; timestamp: string; noncestr: string; prepayid: string; sign: string },
  ];
};

type SignedAnswer = {
  headers: Record<string, string>;
  body: string;
  wechatpay_public_key_pem: string;
  negative: { 'Wechatpay-Signature': string };
};

type FullNotification = {
  headers: Record<string, string>;
  body: string;
  platform_certificate_pem: string;
  api_v3_key: string;
  expected_plaintext: string;
};

type CertificateDownload = {
  api_v3_key: string;
  small: { associated_data: string; nonce: string; ciphertext: string; plaintext: string };
  certificate_download_response: {
    data: { serial_no: string; encrypt_certificate: SealedResource }[];
  };
  expected_certificate: { serial_number_hex: string; sha256_of_pem_text: string };
};

const request = vectorOf<RequestSignature>('request-signature');
const merchant = {
  mchid: known(request.mchid, isMchid),
  credentials: accountOf({
    merchantPrivateKey: request.merchant_private_key_pem,
    merchantSerial: request.serial_no,
  }).credentials,
};

function lowerCase(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
}

function timeOf(headers: Record<string, string>): Instant {
  return instant(Number(headers['Wechatpay-Timestamp']) * 1000);
}

suite('request-signature', () => {
  for (const example of request.cases) {
    test(`the Authorization header of ${example.id} is WeChat's own`, () => {
      const header = authorizationOf(
        merchant,
        {
          method: example.method,
          target: example.url_path,
          ...(example.body !== '' && { body: example.body }),
        },
        { timestamp: example.timestamp, nonce: example.nonce_str },
      );
      assert.equal(
        header,
        `WECHATPAY2-SHA256-RSA2048 mchid="1900007291",nonce_str="593BEC0C930BF1AFEB40B4A08C8FB242",` +
          `signature="${example.signature_base64}",timestamp="1554208460",` +
          `serial_no="408B07E79B8269FEC3D5D3E6AB8ED163A6A380DB"`,
      );
    });
  }
});

suite('client-pay-sign', () => {
  const [jsapi, app] = vectorOf<PaySign>('client-pay-sign').cases;

  test("the JSAPI payment parameters carry WeChat's own signature", () => {
    const signed = signJsapiPayment(
      merchant,
      { appid: jsapi.appid, prepay_id: jsapi.package.replace('prepay_id=', '') },
      { timestamp: jsapi.timeStamp, nonce: jsapi.nonceStr },
    );
    assert.deepEqual(signed, {
      appId: jsapi.appid,
      timeStamp: jsapi.timeStamp,
      nonceStr: jsapi.nonceStr,
      package: jsapi.package,
      signType: 'RSA',
      paySign: jsapi.paySign,
    });
  });

  test("the APP payment parameters carry WeChat's own signature", () => {
    const signed = signAppPayment(
      merchant,
      { appid: app.appid, prepay_id: app.prepayid },
      { timestamp: app.timestamp, nonce: app.noncestr },
    );
    assert.deepEqual(signed, {
      appid: app.appid,
      partnerid: '1900007291',
      prepayid: app.prepayid,
      package: 'Sign=WXPay',
      noncestr: app.noncestr,
      timestamp: app.timestamp,
      sign: app.sign,
    });
  });
});

suite('response-verification', () => {
  const answer = vectorOf<SignedAnswer>('response-verification');
  const serial = answer.headers['Wechatpay-Serial'] ?? '';
  const credentials = accountOf({
    wechatpayKeys: { [serial]: answer.wechatpay_public_key_pem },
  }).credentials.v3;
  const body = Buffer.from(answer.body);

  test('an answer signed with a WeChat Pay public key verifies', () => {
    const message = { headers: lowerCase(answer.headers), body };
    assert.equal(signatureProblemOf(credentials, message, timeOf(answer.headers)), undefined);
  });

  test('the printed probe does not verify and is called a probe', () => {
    const headers = lowerCase({ ...answer.headers, ...answer.negative });
    assert.match(headers['wechatpay-signature'] ?? '', /^WECHATPAY\/SIGNTEST\//);
    const problem = signatureProblemOf(credentials, { headers, body }, timeOf(answer.headers));
    assert.equal(problem, 'probe');
  });
});

suite('full-notification', () => {
  const notification = vectorOf<FullNotification>('full-notification');
  const at = timeOf(notification.headers);
  const raw = {
    headers: lowerCase(notification.headers),
    body: Buffer.from(notification.body),
  };
  const account = accountOf({
    apiV3Key: notification.api_v3_key,
    wechatpayKeys: {
      [notification.headers['Wechatpay-Serial'] ?? '']: notification.platform_certificate_pem,
    },
  });
  const { resource }: { resource: SealedResource } = JSON.parse(notification.body);

  test('the signature verifies with the platform certificate', () => {
    assert.equal(signatureProblemOf(account.credentials.v3, raw, at), undefined);
  });

  test('its 16-byte key is refused, because an APIv3 key has 32 bytes', () => {
    assert.equal(notification.api_v3_key.length, 16);
    assert.deepEqual(openResource(account.credentials.v3, resource), {
      ok: false,
      error: 'ciphertext',
    });
    const read = createNoticeReader().read(account, raw, at);
    assert.deepEqual(read, { ok: false, error: 'ciphertext' });
  });

  test('IV, associated data and tag lie where we look for them: AES-128 opens the layout', () => {
    const layout = layoutOf(resource);
    assert.ok(layout !== undefined);
    const decipher = createDecipheriv('aes-128-gcm', notification.api_v3_key, layout.iv);
    decipher.setAAD(layout.associatedData).setAuthTag(layout.tag);
    const plaintext = Buffer.concat([decipher.update(layout.encrypted), decipher.final()]);
    assert.equal(plaintext.toString(), notification.expected_plaintext);
  });
});

suite('aes-256-gcm-and-certificate-download', () => {
  const download = vectorOf<CertificateDownload>('aes-256-gcm-and-certificate-download');
  const credentials = accountOf({ apiV3Key: download.api_v3_key }).credentials.v3;

  test('the small ciphertext opens', () => {
    const { plaintext, ...sealed } = download.small;
    const opened = openResource(credentials, { algorithm: 'AEAD_AES_256_GCM', ...sealed });
    assert.equal(opened.ok && opened.value.toString(), plaintext);
  });

  test('the downloaded certificate opens and is the expected one', () => {
    const [row] = download.certificate_download_response.data;
    assert.ok(row !== undefined);
    const opened = openResource(credentials, row.encrypt_certificate);
    assert.ok(opened.ok);
    const expected = download.expected_certificate;
    const hash = createHash('sha256').update(opened.value).digest('hex');
    assert.equal(hash, expected.sha256_of_pem_text);
    assert.equal(new X509Certificate(opened.value).serialNumber, expected.serial_number_hex);
    assert.equal(row.serial_no, expected.serial_number_hex);
  });
});
