/** Stands in every text of the answers below that people write, and must never come out anywhere. */
export const CANARY = 'canary-7f3a'

/** AbuseIPDB, `check` with `verbose`. */
export function abuseipdbCheck(
  address: string,
  changes: object = {},
  reportCategories: readonly unknown[] = [[18, 22]],
) {
  return {
    data: {
      ipAddress: address,
      isPublic: true,
      ipVersion: 4,
      isWhitelisted: false,
      abuseConfidenceScore: 100,
      countryCode: 'NL',
      countryName: `${CANARY} country`,
      usageType: 'Data Center/Web Hosting/Transit',
      isp: `${CANARY} ISP`,
      domain: `${CANARY}.example.com`,
      hostnames: [`${CANARY}.example.net`],
      isTor: false,
      totalReports: reportCategories.length,
      numDistinctUsers: 3,
      lastReportedAt: '2026-11-19T21:14:05+00:00',
      reports: reportCategories.map((categories) => ({
        reportedAt: '2026-11-19T21:14:05+00:00',
        comment: `${CANARY} sshd: Failed password for alice\u001b[31m`,
        categories,
        reporterId: 12345,
        reporterCountryCode: 'NL',
        reporterCountryName: `${CANARY} reporter`,
      })),
      ...changes,
    },
  }
}

/** GreyNoise, API v3. */
export function greynoiseV3(address: string, changes: object = {}) {
  return {
    ip: address,
    business_service_intelligence: {
      found: false,
      category: '',
      name: `${CANARY} service`,
      description: `${CANARY} description`,
      last_updated: '',
      trust_level: '',
    },
    internet_scanner_intelligence: {
      first_seen: '2026-10-01',
      last_seen: '2026-11-19',
      found: true,
      tags: [
        {
          id: '00000000-0000-4000-8000-000000000000',
          slug: 'ssh-bruteforcer',
          name: 'SSH Bruteforcer',
          description: `${CANARY} tag`,
          category: 'activity',
          intention: 'malicious',
          references: [],
          cves: [],
          recommend_block: true,
        },
      ],
      actor: `${CANARY} actor`,
      spoofable: false,
      classification: 'malicious',
      cves: [],
      bot: false,
      vpn: false,
      vpn_service: '',
      tor: false,
      last_seen_timestamp: '2026-11-19 22:10:00',
      metadata: { organization: `${CANARY} organization`, rdns: `${CANARY}.example.org`, domain: `${CANARY}.example` },
      raw_data: { http: { useragent: [`${CANARY} agent`] } },
      ...changes,
    },
  }
}

/** GreyNoise, Community API. */
export function greynoiseCommunity(address: string, changes: object = {}) {
  return {
    ip: address,
    noise: true,
    riot: false,
    classification: 'benign',
    name: `${CANARY} name`,
    link: `https://viz.example.com/${CANARY}`,
    last_seen: '2026-11-19',
    message: `${CANARY} message`,
    ...changes,
  }
}

/** GreyNoise, context of API v2. */
export function greynoiseContext(address: string, changes: object = {}) {
  return {
    ip: address,
    first_seen: '2026-10-01',
    last_seen: '2026-11-19',
    seen: true,
    tags: ['Mirai', 'Telnet Bruteforcer'],
    actor: `${CANARY} actor`,
    spoofable: false,
    classification: 'malicious',
    cve: [],
    bot: false,
    vpn: false,
    vpn_service: '',
    metadata: { organization: `${CANARY} organization`, rdns: `${CANARY}.example.org`, tor: true },
    raw_data: { scan: [{ port: 23, protocol: 'TCP' }] },
    ...changes,
  }
}

/** One entry of the list of Feodo Tracker. */
export function feodoEntry(address: string, changes: object = {}) {
  return {
    ip_address: address,
    port: 443,
    status: 'offline',
    hostname: `${CANARY}.example.com`,
    as_number: 64500,
    as_name: `${CANARY} network`,
    country: 'NL',
    first_seen: '2026-01-17 07:30:05',
    last_online: '2026-11-18',
    malware: 'Dridex',
    ...changes,
  }
}

/** One entry as the API of ThreatFox gives it. */
export function threatfoxEntry(address: string, changes: object = {}) {
  return {
    id: '1000001',
    ioc: `${address}:8443`,
    threat_type: 'botnet_cc',
    threat_type_desc: `${CANARY} threat`,
    ioc_type: 'ip:port',
    ioc_type_desc: `${CANARY} type`,
    malware: 'win.cobalt_strike',
    malware_printable: 'Cobalt Strike',
    malware_alias: `${CANARY} alias`,
    malware_malpedia: `https://example.com/${CANARY}`,
    confidence_level: 100,
    first_seen: '2026-11-01 09:10:23 UTC',
    last_seen: '2026-11-18 10:00:00 UTC',
    reference: `https://example.org/${CANARY}`,
    reporter: `${CANARY} reporter`,
    tags: [`${CANARY}-tag`],
    ...changes,
  }
}

/** One entry as the JSON exports of ThreatFox give it, below its id. */
export function threatfoxExport(address: string, changes: object = {}) {
  return {
    1000002: [
      {
        ioc_value: `${address}:8443`,
        ioc_type: 'ip:port',
        threat_type: 'botnet_cc',
        malware: 'win.cobalt_strike',
        malware_alias: `${CANARY} alias`,
        malware_printable: 'Cobalt Strike',
        first_seen_utc: '2026-11-01 09:10:23',
        last_seen_utc: null,
        confidence_level: 75,
        is_compromised: false,
        reference: `https://example.org/${CANARY}`,
        tags: `${CANARY}-tag`,
        anonymous: '0',
        reporter: `${CANARY} reporter`,
        ...changes,
      },
    ],
  }
}
