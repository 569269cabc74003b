"""Words that are no part of a person's name, though they stand in capitals, and abbreviations that are no initials."""

from __future__ import annotations

_NO_NAME = """
form forms notification procedure procedures checklist desk helpline hotline guides scouts
assistance support protection service services unit fund compensation identification advocate advocacy act
law programme program council office directorate trust relief centre center care rights referral advisory
department ministry protocol policy plan task force court network commission commissioner statement impact
charter liaison coordination group working team children child women girls boys youth ninos ninas
adolescentes mujeres jovenes mulheres criancas meninas meninos jovens migrantes femmes enfants filles
adolescents jeunes indigenous indigena indigenas transaction guidelines report study training manual
handbook strategy specialist committee registry agency association foundation day month witness victim
victims security project national federal central american americas international ombudsman defensoria
fiscalia ministerio unidad oficina direccion secretaria comision comite consejo programa protocolo ley
fondo registro sistema servicio servicios centro atencion asistencia proteccion nacional general publico
publica justicia policia instituto red mesa mecanismo estrategia politica derechos modelo guia ruta
unidade escritorio direcao comissao conselho lei fundo servico servicos atendimento assistencia protecao
rede direitos justica estadual estado estados municipal nucleo unite bureau conseil loi fonds registre
systeme nationale ministere justice police institut reseau mecanisme strategie politique droits brigade
parquet tribunal cour juge juzgado corte camara sala senado congreso congresso assembly asamblea
assembleia united states nations canada mexico colombia peru chile argentina brasil brazil brazilian
bolivia ecuador venezuela paraguay uruguay panama costa rica salvador el guatemala honduras nicaragua
belize haiti cuba jamaica bahamas barbados dominica dominicana grenada guyana suriname trinidad tobago
saint san santa lucia kitts nevis antigua barbuda vincent grenadines republica republic unidos unidas
naciones nacoes rio sao paulo buenos aires ciudad city new york los angeles port prince puerto
port-au-prince january february march may july september october november december monday tuesday
wednesday thursday friday saturday sunday the this that these those it they we he she in on at for from
with when while after before where which who if as and but or all most some each both such their his her
our its no not under during since there la las un una unos unas lo en por para con desde cuando donde
segun sus su este esta estos estas se que y o os um uma na nos nas em com quando onde segundo seus sua seu
ao aos e ou le les des une dans pour avec depuis lorsque selon ses son sa ce cette ces et au aux il elle
ils elles covid palermo oea oas onu oim iom unodc unicef acnur unhcr ilo oit
"""
NO_NAME = frozenset(_NO_NAME.split())
"""Small words and words of institutions and places, without accents: what holds one is no person's name."""

_DOTTED = """
US USA UK EU UE EUA EEUU UN ONU OEA OAS DC RD CP CPP AM PM AC BC NY
"""
DOTTED = frozenset(_DOTTED.split())
_ABBREVIATIONS = """
US USA UK EU UE EUA EEUU UN ONU OEA OAS DC RD RJ SP MG BA RS PR CP CPP CC PE AL UNODC OIM IOM ILO OIT NGO
ONG ISO AM PM CE AC DE OR OK ST VS ID TV IT HIV VIH SA LTDA SRL MP PF PRF NY
"""
ABBREVIATIONS = frozenset(_ABBREVIATIONS.split())
"""Two or three capitals before an age that are no initials: with points (U.S.), and without (SP)."""

_FUNCTIONS = """
info informacion informaciones informacoes informations contact contacto contato contacts denuncia
denuncias denounce report reports press prensa imprensa presse media office oficina escritorio bureau
secretaria secretariat secretaria-geral ouvidoria atencion atendimento ayuda help helpdesk support soporte
suporte hotline linea linha ligne enquiries inquiries consultas webmaster admin comunicacion comunicacao
communications transparencia transparency trata tratadepersonas traficodepessoas trafficking tip traite
antitrata antitrafficking mesa mesadepartes gabinete cabinet direccion diretoria direction unidad unit
unidade unite comite committee consejo conselho council fiscalia ministerio ministry ministere policia
police servicio service registro registry archivo legal juridico recepcion reception accueil
renseignements plaintes queixas quejas reclamos feedback noreply no-reply hello mail
"""
FUNCTIONS = frozenset(_FUNCTIONS.split())
"""What stands before the @ of an office's address."""
